# Shared by the commands of this folder: finds Python, installs system packages, fills .venv. To be sourced.

cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PYTHONUTF8=1 # messages are French, whatever the machine's language

# WeasyPrint's libraries, which no wheel brings, and a font for the PDF.
PDF_PACKAGES=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core)

say() { printf '→ %s\n' "$*"; }

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Makes the machine and .venv ready: prepare LOCK PACKAGE…
prepare() {
  local lock=$1 python packages=("${@:2}")
  python=$(find_python)
  venv_works || can_make_venv "$python" || packages+=("${python##*/}-venv")
  install_packages "${packages[@]}"
  venv_works || make_venv "$python"
  install_requirements "$lock"
}

find_python() {
  local name
  for name in python3 python3.14 python3.13 python3.12 python3.11; do
    is_recent "$name" && echo "$name" && return
  done
  fail "Il faut Python 3.11 ou plus récent ; cette machine n’en a pas (sudo apt-get install python3)."
}

is_recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# Debian ships the venv module without what fills a new environment: that is in a package of its own.
can_make_venv() { "$1" -c 'import ensurepip, venv; ensurepip.version()' 2>/dev/null; }

venv_works() { is_recent .venv/bin/python && .venv/bin/python -c 'import pip' 2>/dev/null; }

make_venv() {
  say "Création de l’environnement Python dans .venv/"
  "$1" -m venv --clear .venv
}

missing_packages() {
  local package
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || echo "$package"
  done
}

install_packages() {
  local missing command
  missing=$(missing_packages "$@" | xargs)
  if [ -z "$missing" ]; then return; fi
  command="apt-get update; apt-get install -y --no-install-recommends $missing"
  command -v apt-get >/dev/null || fail "Il faut Debian ou Ubuntu, ou les équivalents de ces paquets : $missing"
  if ! may_be_root; then
    fail "Il manque des paquets du système. Lancez ceci, puis recommencez :"$'\n'"  sudo sh -c '$command'"
  fi
  say "Installation de paquets du système : $missing"
  as_root env DEBIAN_FRONTEND=noninteractive sh -c "apt-get -qq update;
    apt-get -qq install -y --no-install-recommends -o DPkg::Lock::Timeout=120 $missing" </dev/null >/dev/null
}

may_be_root() { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

# The development lock contains the other one: both count as installed after it.
install_requirements() {
  local lock=$1 installed=.venv/installed.sha256 contained
  if grep -qs "  $lock\$" "$installed" && sha256sum --check --status "$installed" 2>/dev/null; then return; fi
  say "Installation des bibliothèques de $lock (une à trois minutes)"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
  contained=$lock
  if [ "$lock" = requirements-dev.txt ]; then contained="requirements.txt $lock"; fi
  # shellcheck disable=SC2086  # two names
  sha256sum $contained >"$installed"
}
