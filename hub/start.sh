# Start the hub in its container. /run/secrets/people has a line for each person, `name:hash`, the teacher's first; a
# hash is what `openssl passwd -6` prints. New people are added at the end, since their files belong to their number.
set -eu
while IFS=: read -r name hash; do
  id "$name" >/dev/null 2>&1 || useradd --create-home --shell /bin/bash "$name"
  chmod 700 "/home/$name"
  echo "$name:$hash" | chpasswd --encrypted
done </run/secrets/people
exec .venv/bin/jupyterhub --config /etc/jupyterhub/jupyterhub_config.py --url http://:8000
