#!/bin/sh
# Create the secret files that docker-compose.yml names, each with a random value, where
# they do not exist yet. Existing files are left alone: to change one, see
# docker/secrets/README.md.
set -eu

directory=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)/secrets
mkdir -p "$directory"
# The folder shuts out other users of this machine. The files inside are readable, since
# each container mounts its file alone and reads it as a user with another number.
chmod 700 "$directory"
umask 022

for name in postgres_password audit_key secret_key n8n_postgres_password n8n_encryption_key; do
    file=$directory/$name
    if [ -s "$file" ]; then
        echo "kept     $file"
        continue
    fi
    head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' > "$file.new"
    mv "$file.new" "$file"
    echo "created  $file"
done
