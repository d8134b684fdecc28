#!/bin/bash
# Give each secret file to the suite as the environment variable it expects, then start
# Odoo the way its image does: HC_NAME_FILE=/run/secrets/x becomes HC_NAME=<content>.
set -euo pipefail

for file_variable in "${!HC_@}"; do
    [[ $file_variable == *_FILE ]] || continue
    path=${!file_variable}
    if [[ ! -s $path ]]; then
        echo "hc: the secret file $path ($file_variable) is missing or empty;" \
            "run docker/make-secrets.sh on the host and start again" >&2
        exit 78
    fi
    export "${file_variable%_FILE}=$(<"$path")"
    unset "$file_variable"
done

exec /entrypoint.sh "$@"
