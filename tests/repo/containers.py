# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The container set-up against the tree: paths, variables, ports, commands, secrets.

Containers cannot be started wherever the tests run, so everything that the files name is
looked up instead.
"""

import configparser
import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from tree import Finding, Tree, read

COMPOSE = "docker-compose.yml"
CONFIG = "odoo.conf"
NGINX = "docker/nginx.conf"
GUIDE = "docs/docker.md"
SECRETS_GUIDE = "docker/secrets/README.md"
SECRETS_SCRIPT = "docker/make-secrets.sh"
ADDONS_MOUNT = "/mnt/extra-addons"
CONFIG_MOUNT = "/etc/odoo/odoo.conf"

# What the images bring and a health check may run: image prefix -> programs.
PROGRAMS = {
    "postgres": {"postgres", "pg_isready"},
    "hc-revenue/odoo": {"odoo", "curl"},
    "nginx": {"curl"},
    "n8nio/n8n": {"wget"},
}
# Environment that the images' start scripts and Odoo's option parser read.
IMAGE_VARIABLES = {
    "postgres": {"POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD_FILE"},
    "hc-revenue/odoo": {
        *("HOST", "PORT", "USER", "PASSWORD_FILE", "ODOO_PROXY_MODE"),
        "ODOO_QUEUE_JOB_CHANNELS",
    },
    "nginx": set(),
    "n8nio/n8n": {
        *("DB_TYPE", "DB_POSTGRESDB_HOST", "DB_POSTGRESDB_DATABASE", "DB_POSTGRESDB_USER"),
        *("DB_POSTGRESDB_PASSWORD_FILE", "N8N_ENCRYPTION_KEY_FILE", "N8N_DIAGNOSTICS_ENABLED"),
        *("N8N_BLOCK_ENV_ACCESS_IN_NODE", "NODE_FUNCTION_ALLOW_BUILTIN"),
        "N8N_COMMUNITY_PACKAGES_ENABLED",
    },
}
INTERPOLATION = re.compile(r"\$\{(?P<name>\w+)(?P<default>:?[-?][^}]*)?\}")
UPSTREAM = re.compile(r"^\s*server\s+(?P<host>[\w-]+):(?P<port>\d+);", re.MULTILINE)
LISTEN = re.compile(r"^\s*listen\s+(?P<port>\d+)\s*;", re.MULTILINE)
LOCAL_URL = re.compile(r"http://localhost(?::(?P<port>\d+))?/")


def load(tree: Tree) -> dict:
    """The compose file with its anchors resolved."""
    return yaml.safe_load(read(tree.root / COMPOSE))


def options(tree: Tree) -> configparser.SectionProxy:
    """The options of odoo.conf."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(read(tree.root / CONFIG))
    return parser["options"]


def services(tree: Tree) -> dict[str, dict]:
    return load(tree).get("services", {})


def of_image(service: dict, table: dict[str, set[str]]) -> set[str]:
    image = service.get("image", "")
    return next((table[prefix] for prefix in table if image.startswith(prefix)), set())


def health(service: dict) -> dict:
    """The health check of a service; empty where none is declared."""
    return service.get("healthcheck") or {}


def check_mounts(tree: Tree) -> Iterator[Finding]:
    """Mounted files and folders that do not exist or are writable, undeclared volumes."""
    declared = set(load(tree).get("volumes", {}))
    for name, service in services(tree).items():
        for entry in service.get("volumes", ()):
            source, target, *mode = entry.split(":")
            if not source.startswith("."):
                if source not in declared:
                    yield Finding(COMPOSE, 1, f"{name}: volume {source} is not declared")
            elif not (tree.root / source).exists():
                yield Finding(COMPOSE, 1, f"{name}: {source} does not exist")
            elif mode != ["ro"]:
                yield Finding(COMPOSE, 1, f"{name}: {target} is not mounted read-only")


def check_builds(tree: Tree) -> Iterator[Finding]:
    """Build contexts, Dockerfiles and the files these copy."""
    builds = [service["build"] for service in services(tree).values() if "build" in service]
    wanted = {(build["context"], build["dockerfile"], build["target"]) for build in builds}
    for context, name, target in sorted(wanted):
        dockerfile = tree.root / context / name
        if not dockerfile.is_file():
            yield Finding(COMPOSE, 1, f"{name} does not exist")
            continue
        if not re.search(rf"^FROM \S+ AS {target}$", read(dockerfile), re.MULTILINE):
            yield Finding(name, 1, f"has no stage {target}")
        for line in read(dockerfile).splitlines():
            if line.startswith("COPY "):
                yield from _copied(tree, name, line)


def _copied(tree: Tree, dockerfile: str, line: str) -> Iterator[Finding]:
    words = [word for word in line.split()[1:] if not word.startswith("--")]
    for source in words[:-1]:
        if not (tree.root / source).exists():
            yield Finding(dockerfile, 1, f"copies {source}, which does not exist")


def check_variables(tree: Tree) -> Iterator[Finding]:
    """Variables of the caller without default or explanation; of containers, unread ones."""
    guide = read(tree.root / GUIDE)
    for match in INTERPOLATION.finditer(read(tree.root / COMPOSE)):
        if not match["default"] or f"`{match['name']}`" not in guide:
            yield Finding(COMPOSE, 1, f"{match['name']} has no default or is not in {GUIDE}")
    folders = ("addons/", "n8n/")
    code = "".join(read(path) for under in folders for path in tree.select(".py", under=under))
    for name, service in services(tree).items():
        for variable in service.get("environment", {}):
            ours = variable.startswith("HC_")
            read_by_code = variable.removesuffix("_FILE") in code
            if not (read_by_code if ours else variable in of_image(service, IMAGE_VARIABLES)):
                yield Finding(COMPOSE, 1, f"{name}: nobody reads {variable}")


def check_ports(tree: Tree) -> Iterator[Finding]:
    """Container ports and health checks that nobody listens on; ports open to the network."""
    config = options(tree)
    odoo_ports = {config["http_port"], config["gevent_port"]}
    listening = {"nginx": set(LISTEN.findall(read(tree.root / NGINX))), "postgres": {"5432"}}
    listening["n8nio/n8n"] = {"5678"}
    for name, service in services(tree).items():
        known = of_image(service, listening | {"hc-revenue/odoo": odoo_ports})
        published = [str(port) for port in service.get("ports", ())]
        inside = [port.rpartition(":")[2] for port in published + service.get("expose", [])]
        urls = LOCAL_URL.finditer(" ".join(health(service).get("test", ())))
        inside += [url["port"] or "80" for url in urls]
        for port in sorted(set(inside) - known):
            yield Finding(COMPOSE, 1, f"{name}: nothing listens on {port}")
        for port in published:
            if not port.startswith("127.0.0.1:"):
                yield Finding(COMPOSE, 1, f"{name}: {port} is open to the network")


def check_commands(tree: Tree) -> Iterator[Finding]:
    """Programs that the images lack, and modules that are not in the tree."""
    present = {module.name for module in tree.modules}
    for name, service in services(tree).items():
        commands = [service.get("command"), health(service).get("test", ())[1:]]
        for words in filter(None, commands):
            if words[0] not in of_image(service, PROGRAMS):
                yield Finding(COMPOSE, 1, f"{name}: the image has no {words[0]}")
            for word in words:
                if word.startswith(("--init=", "--update=")):
                    for missing in sorted(set(word.partition("=")[2].split(",")) - present):
                        yield Finding(COMPOSE, 1, f"{name}: no module {missing}")


def command_options(tree: Tree) -> set[str]:
    """Names of the long options that the Odoo services are started with."""
    words = [
        word
        for service in services(tree).values()
        if service.get("image", "").startswith("hc-revenue/odoo")
        for word in service.get("command", ())
    ]
    return {word.partition("=")[0] for word in words if word.startswith("--")}


def check_order(tree: Tree) -> Iterator[Finding]:
    """Services that wait for one that is unknown, or for a health nobody measures."""
    known = services(tree)
    for name, service in known.items():
        if not health(service):
            yield Finding(COMPOSE, 1, f"{name}: has no health check")
        for other, condition in service.get("depends_on", {}).items():
            if other not in known:
                yield Finding(COMPOSE, 1, f"{name}: waits for {other}, which is no service")
            elif condition["condition"] == "service_healthy" and "test" not in health(known[other]):
                yield Finding(COMPOSE, 1, f"{name}: {other} never tells that it is healthy")


def check_secrets(tree: Tree) -> Iterator[Finding]:
    """Secrets that are undeclared, tracked, not created by the script or not explained."""
    declared = load(tree).get("secrets", {})
    guide, script = read(tree.root / SECRETS_GUIDE), read(tree.root / SECRETS_SCRIPT)
    created = set(re.findall(r"^for name in (.*); do$", script, re.MULTILINE)[0].split())
    for name, secret in declared.items():
        path = Path(secret["file"])
        if name not in created or path.name != name:
            yield Finding(SECRETS_SCRIPT, 1, f"does not create {path}")
        if f"`{name}`" not in guide:
            yield Finding(SECRETS_GUIDE, 1, f"does not explain {name}")
        if tree.root / path in tree.files:
            yield Finding(path.as_posix(), 1, "a secret is not ignored by Git")
    for name, service in services(tree).items():
        given = set(service.get("secrets", ()))
        for missing in sorted(given - set(declared)):
            yield Finding(COMPOSE, 1, f"{name}: secret {missing} is not declared")
        for value in service.get("environment", {}).values():
            secret = str(value).removeprefix("/run/secrets/")
            if secret != str(value) and secret not in given:
                yield Finding(COMPOSE, 1, f"{name}: reads {value} and is not given it")


def check_proxy(tree: Tree) -> Iterator[Finding]:
    """Proxied hosts that are no web nodes, lost headers, a websocket off the evented port."""
    text, config, known = read(tree.root / NGINX), options(tree), services(tree)
    for match in UPSTREAM.finditer(text):
        exposed = known.get(match["host"], {}).get("expose", ())
        if match["port"] not in exposed:
            yield Finding(NGINX, 1, f"{match['host']} offers no port {match['port']}")
    for match in re.finditer(r"location (?P<path>[^{]+) \{(?P<body>[^}]*)\}", text):
        if "proxy_set_header" in match["body"]:
            yield Finding(NGINX, 1, f"{match['path']} loses the headers of the server")
    if not re.search(r"location /queue_job \{\s*return 404;", text):
        yield Finding(NGINX, 1, "/queue_job can be reached from outside")
    websocket = re.search(r"location /websocket \{.*?proxy_pass http://(\w+);", text, re.DOTALL)
    upstream = websocket and re.search(rf"upstream {websocket[1]} \{{.*?\}}", text, re.DOTALL)
    if not upstream or f":{config['gevent_port']};" not in upstream[0]:
        yield Finding(NGINX, 1, f"/websocket does not reach port {config['gevent_port']}")


def check_scale(tree: Tree) -> Iterator[Finding]:
    """The profile `scale`: a proxy, two web nodes without cron, one node with it; all queue."""
    found = {
        name: service
        for name, service in services(tree).items()
        if "scale" in service.get("profiles", ())
        and "--stop-after-init" not in service.get("command", ())
    }
    threads = {
        name: [word for word in service.get("command", ()) if "max-cron-threads" in word]
        for name, service in found.items()
        if service["image"].startswith("hc-revenue/odoo")
    }
    web = [name for name, words in threads.items() if words == ["--max-cron-threads=0"]]
    cron = [name for name in threads if name not in web]
    if (len(web), len(cron), len(found) - len(threads)) != (2, 1, 1):
        yield Finding(COMPOSE, 1, "scale is not one proxy, two web nodes and one cron node")
    for name in threads:
        loaded = [w for w in found[name]["command"] if w.startswith("--load=")]
        if not loaded or "queue_job" not in loaded[0].partition("=")[2].split(","):
            yield Finding(COMPOSE, 1, f"{name}: does not load queue_job server-wide")


def check_requirements(tree: Tree) -> Iterator[Finding]:
    """Packages baked into the image against those that the manifests ask for."""
    lines = read(tree.root / "docker/requirements.txt").splitlines()
    baked = {re.split(r"[=<>~!\[]", line)[0] for line in lines if line and line[0] != "#"}
    wanted = {
        package
        for module in tree.modules
        for package in module.manifest.get("external_dependencies", {}).get("python", ())
    }
    for package in sorted(baked ^ wanted):
        problem = "no manifest asks for it" if package in baked else "the image lacks it"
        yield Finding("docker/requirements.txt", 1, f"{package}: {problem}")


CHECKS = (
    check_mounts,
    check_builds,
    check_variables,
    check_ports,
    check_commands,
    check_order,
    check_secrets,
    check_proxy,
    check_scale,
    check_requirements,
)
