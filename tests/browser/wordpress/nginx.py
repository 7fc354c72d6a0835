"""The web server's configuration: pretty permalinks, and nginx's page cache as hosts set it up for WordPress."""

from pathlib import Path

_TEMPLATE = """
daemon off;
worker_processes 1;
pid @HOME@/nginx.pid;
error_log @HOME@/nginx.log warn;
events { worker_connections 128; }
http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  access_log off;
  client_body_temp_path @HOME@/tmp/body;
  proxy_temp_path @HOME@/tmp/proxy;
  fastcgi_temp_path @HOME@/tmp/fastcgi;
  uwsgi_temp_path @HOME@/tmp/uwsgi;
  scgi_temp_path @HOME@/tmp/scgi;
  client_max_body_size 8m;
  fastcgi_cache_path @HOME@/cache keys_zone=pages:1m inactive=1h use_temp_path=off;
  # Who is logged in, writes or searches gets pages made for them.
  map $http_cookie $who { default ""; "~wordpress_logged_in|wp-postpass|comment_author" own; }
  map $request_uri $what { default ""; "~/wp-|\\?" own; }
  server {
    listen 127.0.0.1:@PORT@;
    root @HOME@/site;
    index index.php;
    location / { try_files $uri $uri/ /index.php?$args; }
    location ~ \\.php$ {
      try_files $uri =404;
      include /etc/nginx/fastcgi_params;
      # Debian's file leaves the port out.
      fastcgi_param HTTP_HOST $host:$server_port;
      fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
      fastcgi_pass unix:@HOME@/php.sock;
      fastcgi_read_timeout 60s;
      fastcgi_cache pages;
      fastcgi_cache_key $scheme$request_method$host$request_uri;
      fastcgi_cache_methods GET HEAD;
      fastcgi_cache_valid 200 1h;
      fastcgi_cache_bypass $who $what;
      fastcgi_no_cache $who $what;
      add_header X-Page-Cache $upstream_cache_status always;
    }
  }
}
"""


def nginx_configuration(home: Path, port: int) -> str:
    """For an unprivileged nginx that has everything in one folder."""
    return _TEMPLATE.replace("@HOME@", str(home)).replace("@PORT@", str(port))
