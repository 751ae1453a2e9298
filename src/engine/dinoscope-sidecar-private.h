#pragma once

#include <gio/gio.h>
#include <jansson.h>

#include "core/picture/geometry.h"
#include "engine/dinoscope-cover.h"

#include <glib.h>

/* Limits for dino_json_read(): sidecars have some two thousand bytes; pins add a few each. */
#define DINOSCOPE_SIDECAR_MAX_FILE ((gsize) 1 << 20)
#define DINOSCOPE_SIDECAR_MAX_WEIGHT 65536

/* Parts of sidecars as JSON, new references; NULL when there is nothing to
 * tell. From JSON: FALSE when it is anything else (transfer full). */
json_t  *dinoscope_sidecar_box_to_json (struct dino_box box);
gboolean dinoscope_sidecar_box_from_json (const json_t *json, struct dino_box *box);
json_t  *dinoscope_sidecar_marks_to_json (GVariant *marks);
gboolean dinoscope_sidecar_marks_from_json (const json_t *json, GVariant **marks);
json_t  *dinoscope_sidecar_regions_to_json (GVariant *regions);
gboolean dinoscope_sidecar_regions_from_json (const json_t *json, GVariant **regions);
json_t  *dinoscope_sidecar_cover_to_json (const DinoscopeCover *cover);
gboolean dinoscope_sidecar_cover_from_json (const json_t *json, DinoscopeCover *cover);
