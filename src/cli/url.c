#include "cli/url.h"

#include <gio/gio.h>

#include "core/base/text.h"

static GUri *
parse (const char *url)
{
  return g_uri_parse (url, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED, NULL);
}

static gboolean
is_loopback_host (const char *host)
{
  g_autoptr (GInetAddress) address = host != NULL ? g_inet_address_new_from_string (host) : NULL;

  if (host != NULL && g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;
  return address != NULL && g_inet_address_get_is_loopback (address);
}

gboolean
cli_url_is_loopback (const char *url)
{
  g_autoptr (GUri) uri = parse (url);

  return uri != NULL && is_loopback_host (g_uri_get_host (uri));
}

char *
cli_url_host (const char *url)
{
  g_autoptr (GUri) uri = parse (url);

  return g_strdup (uri != NULL && g_uri_get_host (uri) != NULL ? g_uri_get_host (uri) : url);
}

gboolean
cli_url_is_allowed (const char *url, char **reason)
{
  g_autoptr (GUri) uri = parse (url);
  const char      *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    *reason = g_strdup (_ ("it is no address of a web server"));
  else if (g_uri_get_user (uri) != NULL)
    *reason = g_strdup (_ ("it carries a user name"));
  else if (g_str_equal (scheme, "https") || (g_str_equal (scheme, "http") && is_loopback_host (g_uri_get_host (uri))))
    return TRUE;
  else if (g_str_equal (scheme, "http"))
    *reason = g_strdup (_ ("it is not encrypted: plain http is used to this machine only"));
  else
    *reason = g_strdup_printf (_ ("%s is not used, only https"), scheme);
  return FALSE;
}
