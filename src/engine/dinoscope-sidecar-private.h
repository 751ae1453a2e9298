#pragma once

#include <glib.h>

/* Limits for dino_json_read(): sidecars have some two thousand bytes; pins add a few each. */
#define DINOSCOPE_SIDECAR_MAX_FILE ((gsize) 1 << 20)
#define DINOSCOPE_SIDECAR_MAX_WEIGHT 65536
