# Sourced: sets JAVA_HOME to a JDK 21 or newer, and mvn.
for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/java/* "${HOME:-/nowhere}"/.sdkman/candidates/java/*; do
  [ -x "$candidate/bin/javac" ] && [ -r "$candidate/release" ] || continue
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$candidate/release")
  if [ "${version:-0}" -ge 21 ]; then
    JAVA_HOME=$candidate
    found=yes
    break
  fi
done
[ -n "${found:-}" ] || { echo "needs a JDK 21 or newer; set JAVA_HOME to one" >&2; exit 69; }
export JAVA_HOME
mvn=$(command -v mvn) || { echo "needs Maven" >&2; exit 69; }
