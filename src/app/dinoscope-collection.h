#pragma once

#include <gio/gio.h>

#include "core/vectors/points.h"
#include "io/embeddings.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_COLLECTION (dinoscope_collection_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeCollection, dinoscope_collection, DINOSCOPE, COLLECTION, GObject)

/* A folder of embeddings that windows look at: names and vectors of pictures,
 * what tables say of them, and where the pictures themselves lie.
 *
 * Property: "pictures" (GFile, read and write): the folder that names are
 * relative to, NULL while it is not known. Signal: "columns-changed".
 *
 * Everything but that property and the columns is immutable and may be read on
 * any thread. */

/* Opens what “dinoscope-cli embed” or “dinoscope-cli index” wrote, the latter
 * with a row for each picture. Blocking. The pictures are looked for
 * in the folder itself and in the one above. */
DinoscopeCollection *dinoscope_collection_new (GFile *folder, GError **error);

/* The same on a thread of GIO. */
void                 dinoscope_collection_open_async (GFile *folder, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
DinoscopeCollection *dinoscope_collection_open_finish (GAsyncResult *result, GError **error);

GFile      *dinoscope_collection_get_folder (DinoscopeCollection *self);
const char *dinoscope_collection_get_title (DinoscopeCollection *self); /* the folder's name */

gsize dinoscope_collection_get_n_rows (DinoscopeCollection *self);
/* The folder's own parts; NULL of an index. */
const struct dino_embeddings *dinoscope_collection_get_embeddings (DinoscopeCollection *self);

/* The vectors of all rows. */
struct dino_points dinoscope_collection_get_points (DinoscopeCollection *self, gboolean mean); /* an index has one kind of vectors */

/* Of a row. The name is relative to "pictures"; the hash is of the decoded
 * pixels, "" in an index. */
const char *dinoscope_collection_get_name (DinoscopeCollection *self, gsize row);
const char *dinoscope_collection_get_pixels_sha256 (DinoscopeCollection *self, gsize row);

/* NULL while it is not known where the pictures are. (transfer full) */
GFile *dinoscope_collection_dup_file (DinoscopeCollection *self, gsize row);

/* The row of a picture by the hash of its pixels, the first if there are several. */
gboolean dinoscope_collection_find (DinoscopeCollection *self, const char *pixels_sha256, gsize *row);

GFile *dinoscope_collection_get_pictures (DinoscopeCollection *self);
void   dinoscope_collection_set_pictures (DinoscopeCollection *self, GFile *folder);

/* Whether the first pictures lie in folder under their names. Looks at the disk. */
gboolean dinoscope_collection_are_pictures_in (DinoscopeCollection *self, GFile *folder);

/* What tables say of the pictures: columns of the folder's own table, then
 * those of a person's. */
guint       dinoscope_collection_get_n_columns (DinoscopeCollection *self);
const char *dinoscope_collection_get_column_name (DinoscopeCollection *self, guint column);
const char *dinoscope_collection_get_value (DinoscopeCollection *self, gsize row, guint column); /* "" where nothing is said */

/* Puts the columns of a table (TSV or CSV, dino_table_match()) in the place of
 * those of the one before; *n_matched pictures are in it. One that tells of
 * none is refused. */
gboolean dinoscope_collection_read_table (DinoscopeCollection *self, GFile *file, gsize *n_matched, GError **error);

G_END_DECLS
