#include "cli/download.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/url.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "dinoscope-config.h"

#define MAX_REDIRECTS 5
#define CONNECT_SECONDS 30L

enum
{
  HTTP_OK = 200,
  HTTP_PARTIAL = 206,
  HTTP_RANGE = 416
};

typedef struct
{
  const CliDownload *download;
  CURL              *curl;
  char              *url;    /* this hop's */
  char              *host;   /* and its host, for messages */
  guint64            offset; /* bytes in fd */
  guint64            asked;  /* offset of the range that was asked for, 0: all */
  gboolean           begun;  /* the first bytes of a body that counts have come */
  gboolean           too_long;
  int                write_error;
  char               message[CURL_ERROR_SIZE];
} Transfer;

/* Whether a request could be sent, so that silence is the server's own. */
static gboolean
was_connected (Transfer *self)
{
  curl_off_t microseconds = 0;

  curl_easy_getinfo (self->curl, CURLINFO_PRETRANSFER_TIME_T, &microseconds);
  return microseconds > 0;
}

/* A body of another status is that of an error page or a redirect. */
static gboolean
is_wanted (Transfer *self, gboolean *from_start)
{
  long status = 0;

  curl_easy_getinfo (self->curl, CURLINFO_RESPONSE_CODE, &status);
  *from_start = status == HTTP_OK;
  return status == HTTP_OK || (status == HTTP_PARTIAL && self->asked > 0);
}

static gboolean
begin (Transfer *self, gboolean from_start)
{
  curl_off_t length = -1;

  self->begun = TRUE;
  if (from_start && self->offset > 0)
    {
      if (dino_truncate (self->download->fd, 0) != 0 || lseek (self->download->fd, 0, SEEK_SET) != 0)
        {
          self->write_error = errno;
          return FALSE;
        }
      self->offset = 0;
    }
  curl_easy_getinfo (self->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  self->too_long = length >= 0 && self->offset + (guint64) length != self->download->size;
  return !self->too_long;
}

static size_t
write_cb (char *data, size_t size, size_t n, void *user_data)
{
  Transfer *self = user_data;
  size_t    length = size * n;
  size_t    written = 0;
  gboolean  from_start;

  if (!is_wanted (self, &from_start))
    return length;
  if (!self->begun && !begin (self, from_start))
    return 0;
  if (length > self->download->size - self->offset)
    {
      self->too_long = TRUE;
      return 0;
    }
  while (written < length)
    {
      ssize_t done = write (self->download->fd, data + written, length - written);

      if (done < 0 && errno != EINTR)
        {
          self->write_error = errno;
          return 0;
        }
      written += done > 0 ? (size_t) done : 0;
    }
  self->offset += length;
  return length;
}

static int
progress_cb (void *user_data, curl_off_t total, curl_off_t now, curl_off_t upload_total, curl_off_t upload_now)
{
  Transfer *self = user_data;

  if (self->download->progress != NULL)
    self->download->progress (self->offset, self->download->progress_data);
  return g_cancellable_is_cancelled (self->download->cancellable) ? 1 : 0;
}

static void
set_options (Transfer *self)
{
  CURL *curl = self->curl;

  curl_easy_setopt (curl, CURLOPT_URL, self->url);
  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt (curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_USERAGENT, "dinoscope-cli/" DINOSCOPE_VERSION);
  curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
  curl_easy_setopt (curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt (curl, CURLOPT_LOW_SPEED_TIME, (long) self->download->stall_seconds);
  curl_easy_setopt (curl, CURLOPT_ERRORBUFFER, self->message);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, write_cb);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, self);
  curl_easy_setopt (curl, CURLOPT_XFERINFOFUNCTION, progress_cb);
  curl_easy_setopt (curl, CURLOPT_XFERINFODATA, self);
  curl_easy_setopt (curl, CURLOPT_NOPROGRESS, 0L);
  /* A proxy would carry what is not encrypted off this machine. */
  if (cli_url_is_loopback (self->url))
    curl_easy_setopt (curl, CURLOPT_PROXY, "");
  /* Not CURLOPT_RESUME_FROM, which gives up on a server that sends the whole. */
  if (self->asked > 0)
    {
      g_autofree char *range = g_strdup_printf ("%" G_GUINT64_FORMAT "-", self->asked);

      curl_easy_setopt (curl, CURLOPT_RANGE, range);
    }
}

static CliExit
fail_transfer (Transfer *self, CURLcode code)
{
  if (g_cancellable_is_cancelled (self->download->cancellable))
    return CLI_EXIT_INTERRUPTED;
  if (self->write_error != 0)
    {
      cli_error (_ ("What arrives from %s cannot be written: %s."), self->host, g_strerror (self->write_error));
      return CLI_EXIT_OUTPUT;
    }
  if (self->too_long)
    {
      cli_error (_ ("“%s” does not have the length that it should have, %llu bytes."), self->url, (unsigned long long) self->download->size);
      return CLI_EXIT_MODEL;
    }
  if (code == CURLE_OPERATION_TIMEDOUT && self->begun)
    cli_error (_ ("%s has sent nothing for %d seconds. What has arrived is kept; the next run goes on from there."), self->host, self->download->stall_seconds);
  else if (code == CURLE_OPERATION_TIMEDOUT && was_connected (self))
    cli_error (_ ("%s has sent nothing for %d seconds."), self->host, self->download->stall_seconds);
  else if (self->begun)
    cli_error (_ ("The connection to %s broke off: %s. What has arrived is kept; the next run goes on from there."), self->host,
               self->message[0] != '\0' ? self->message : curl_easy_strerror (code));
  else
    cli_error (_ ("%s cannot be reached: %s."), self->host, self->message[0] != '\0' ? self->message : curl_easy_strerror (code));
  return CLI_EXIT_NETWORK;
}

static CliExit
fail_status (Transfer *self, long status)
{
  cli_error (_ ("%s answers “%s” with HTTP status %ld."), self->host, self->url, status);
  return CLI_EXIT_NETWORK;
}

/* Where the answer points to, checked like the first address. */
static CliExit
follow (Transfer *self, int n_redirects)
{
  g_autofree char *reason = NULL;
  char            *target = NULL;

  curl_easy_getinfo (self->curl, CURLINFO_REDIRECT_URL, &target);
  if (n_redirects >= MAX_REDIRECTS)
    cli_error (_ ("%s redirects more than %d times."), self->host, MAX_REDIRECTS);
  else if (!cli_url_is_allowed (target, &reason))
    cli_error (_ ("%s redirects to “%s”, which is not opened: %s."), self->host, target, reason);
  else
    {
      g_free (self->url);
      g_free (self->host);
      self->url = g_strdup (target);
      self->host = cli_url_host (target);
      return CLI_EXIT_DONE;
    }
  return CLI_EXIT_NETWORK;
}

static CliExit
check_complete (Transfer *self)
{
  if (self->offset == self->download->size)
    return CLI_EXIT_DONE;
  cli_error (_ ("%s ended after %llu of %llu bytes. What has arrived is kept; the next run goes on from there."),
             self->host, (unsigned long long) self->offset, (unsigned long long) self->download->size);
  return CLI_EXIT_NETWORK;
}

/* One request. *again: a redirect was taken, or the range was refused. */
static CliExit
request (Transfer *self, int n_redirects, gboolean *again)
{
  CURLcode code;
  long     status = 0;
  char    *target = NULL;

  *again = FALSE;
  curl_easy_reset (self->curl);
  self->message[0] = '\0';
  self->asked = self->offset;
  set_options (self);
  code = curl_easy_perform (self->curl);
  if (code != CURLE_OK)
    return fail_transfer (self, code);
  curl_easy_getinfo (self->curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo (self->curl, CURLINFO_REDIRECT_URL, &target);
  if (status == HTTP_OK || (status == HTTP_PARTIAL && self->asked > 0))
    return check_complete (self);
  *again = TRUE;
  if (status / 100 == 3 && target != NULL)
    return follow (self, n_redirects);
  if (status == HTTP_RANGE && self->asked > 0 && dino_truncate (self->download->fd, 0) == 0 && lseek (self->download->fd, 0, SEEK_SET) == 0)
    {
      self->offset = 0;
      return CLI_EXIT_DONE;
    }
  return fail_status (self, status);
}

CliExit
cli_download (const CliDownload *download)
{
  Transfer self = { .download = download };
  off_t    there = lseek (download->fd, 0, SEEK_END);
  CliExit  code = CLI_EXIT_DONE;
  gboolean again = TRUE;

  self.offset = there > 0 ? (guint64) there : 0;
  self.curl = curl_easy_init ();
  if (self.curl == NULL)
    {
      cli_error ("%s", _ ("libcurl cannot be started."));
      return CLI_EXIT_NETWORK;
    }
  self.url = g_strdup (download->url);
  self.host = cli_url_host (download->url);
  for (int n = 0; code == CLI_EXIT_DONE && again; n++)
    code = request (&self, n, &again);
  curl_easy_cleanup (self.curl);
  g_free (self.url);
  g_free (self.host);
  return code;
}
