#include "engine/dinoscope-error.h"

GQuark
dinoscope_error_quark (void)
{
  return g_quark_from_static_string ("dinoscope-error-quark");
}

static DinoscopeError
map_code (enum dino_code code, DinoscopeError fallback)
{
  switch (code)
    {
    case DINO_CODE_MEMORY:
      return DINOSCOPE_ERROR_MEMORY;
    case DINO_CODE_MODEL:
      return DINOSCOPE_ERROR_MODEL;
    case DINO_CODE_ARGUMENT:
      return DINOSCOPE_ERROR_PARAMETER;
    case DINO_CODE_WRITE:
      return DINOSCOPE_ERROR_WRITE;
    case DINO_CODE_NONE:
    case DINO_CODE_IO:
    case DINO_CODE_FORMAT:
    case DINO_CODE_UNSUPPORTED:
    case DINO_CODE_LIMIT:
    case DINO_CODE_CANCELLED:
    default:
      return fallback;
    }
}

void
dinoscope_set_error (GError **error, const struct dino_error *core, DinoscopeError fallback)
{
  if (core->code == DINO_CODE_CANCELLED)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, core->message);
  else
    g_set_error_literal (error, DINOSCOPE_ERROR, map_code (core->code, fallback), core->message);
}
