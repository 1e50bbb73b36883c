#!/bin/sh
# Prints the path of a Chromium for the browser tests; installs one when there is none.
#   as root or with sudo: from the distribution's packages
#   as an ordinary user:  the same packages, unpacked below ~/.cache without touching the system
set -eu

cache="${XDG_CACHE_HOME:-$HOME/.cache}/myschool/chromium"

if [ "${CHROMIUM_UNPACK:-}" != 1 ]; then
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
        if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then command -v "$name"; exit 0; fi
    done
    as_root=""
    [ "$(id -u)" = 0 ] || as_root="sudo -n"
    if [ -z "$as_root" ] || sudo -n true 2>/dev/null; then
        echo "Installing Chromium …" >&2
        $as_root apt-get -qq update >&2
        DEBIAN_FRONTEND=noninteractive $as_root apt-get -qq install -y --no-install-recommends chromium >/dev/null 2>&1
        command -v chromium
        exit 0
    fi
fi

if [ ! -x "$cache/run" ]; then
    echo "Unpacking Chromium below $cache …" >&2
    mkdir -p "$cache/lists/partial" "$cache/archives/partial" "$cache/debs" "$cache/tree"
    apt="-o Dir::State::Lists=$cache/lists -o Dir::Cache=$cache -o Debug::NoLocking=1"
    apt-get $apt -qq update >&2 || true
    cd "$cache/debs"
    # Everything Chromium needs that the system has not; virtual packages (in angle brackets) are provided by real ones.
    # Its own packages belong together: the program looks for its data beside itself.
    apt-cache $apt depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
        --no-enhances chromium | grep '^[a-z0-9]' | sort -u > ../wanted
    for package in $(cat ../wanted); do
        case "$package" in chromium*) printf '%s\n' "$package"; continue ;; esac
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s\n' "$package"
    done > ../missing
    apt-get $apt -qq download $(cat ../missing) >&2
    for package in *.deb; do dpkg -x "$package" ../tree; done
    rm -rf "$cache/debs" "$cache/lists"
    libraries="$cache/tree/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || gcc -dumpmachine 2>/dev/null || echo x86_64-linux-gnu)"
    cat > "$cache/run" <<RUN
#!/bin/sh
export LD_LIBRARY_PATH="$libraries:$cache/tree/usr/lib"
[ -d /etc/fonts ] || export FONTCONFIG_PATH="$cache/tree/etc/fonts"
exec "$cache/tree/usr/lib/chromium/chromium" "\$@"
RUN
    chmod +x "$cache/run"
fi
echo "$cache/run"
