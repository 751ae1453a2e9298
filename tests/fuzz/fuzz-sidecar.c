/* A sidecar: how somebody else's picture was made. Its parameters are completed
 * as the command line does it. */
#include "engine/dinoscope-sidecar.h"
#include "fuzz/fuzz.h"
#include "fuzz/parameters.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char                  *path = fuzz_file (data, size);
  g_autoptr (GError)           error = NULL;
  g_autoptr (DinoscopeSidecar) sidecar = dinoscope_sidecar_read (path, &error);
  g_autofree char             *text = NULL;

  fuzz_promise ((sidecar == NULL) == (error != NULL), "a refusal has a reason");
  fuzz_taken (sidecar != NULL);
  if (sidecar == NULL)
    return 0;
  fuzz_promise (dinoscope_sidecar_may_write (path, NULL), "what is read as a sidecar is one");
  text = g_variant_print (sidecar->parameters, TRUE);
  fuzz_touch_text (text);
  fuzz_complete_parameters (sidecar->overlay, sidecar->parameters);
  return 0;
}
