/* What "serve" answers with: dictionaries (a{sv}), whose keys stand in the
 * manual page. */
#pragma once

#include "engine/dinoscope.h"

G_BEGIN_DECLS

/* Each is floating. */
GVariant *serve_answer_progress (guint32 serial, guint done, guint total);
GVariant *serve_answer_failed (guint32 serial, const GError *error);
GVariant *serve_answer_encoded (guint32 serial, DinoscopeStudy *study, DinoscopeModel *model);

/* cells: the map's, [rows, columns, 4], premultiplied and opaque. */
GVariant *serve_answer_map (guint32 serial, DinoscopeMap *map, GBytes *cells);

G_END_DECLS
