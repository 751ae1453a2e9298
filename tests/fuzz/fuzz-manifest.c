/* The list of files of “model get --manifest”, and addresses. */
#include <string.h>

#include "cli/model-manifest.h"
#include "cli/url.h"
#include "fuzz/fuzz.h"

static void
check_address (const char *address)
{
  g_autofree char *reason = NULL;
  g_autofree char *host = cli_url_host (address);
  const gboolean   allowed = cli_url_is_allowed (address, &reason);

  fuzz_promise (allowed == (reason == NULL), "a refusal has a reason");
  fuzz_promise (!allowed || g_ascii_strncasecmp (address, "https:", 6) == 0 || cli_url_is_loopback (address), "what is not encrypted stays on this machine");
  fuzz_touch_text (host);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  CliExit                 code = CLI_EXIT_DONE;
  g_autoptr (CliManifest) manifest = cli_manifest_new ("model", fuzz_file (data, size), &code);
  g_autofree char        *text = g_strndup ((const char *) data, size);

  check_address (text);
  fuzz_taken (manifest != NULL);
  if (manifest == NULL)
    return 0;
  for (gsize i = 0; i < manifest->n_files; i++)
    fuzz_promise (strchr (manifest->files[i].name, '/') == NULL && manifest->files[i].name[0] != '.' && manifest->files[i].size >= 0 && strlen (manifest->files[i].sha256) == 64,
                  "files stay in their folder and are known");
  fuzz_promise (cli_manifest_total (manifest) < G_MAXINT64, "sizes can be added");
  return 0;
}
