#include "engine/dinoscope-bytes.h"

gsize
dinoscope_bytes_get_address (GBytes *bytes)
{
  g_return_val_if_fail (bytes != NULL, 0);
  return GPOINTER_TO_SIZE (g_bytes_get_data (bytes, NULL));
}
