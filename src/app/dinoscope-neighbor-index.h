#pragma once

#include <gio/gio.h>

#include "engine/dinoscope.h"
#include "io/index.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_NEIGHBOR_INDEX (dinoscope_neighbor_index_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeNeighborIndex, dinoscope_neighbor_index, DINOSCOPE, NEIGHBOR_INDEX, GObject)

/* An index that is open, where its pictures lie, and texts about them. Nothing
 * of it is written anywhere.
 *
 * Property: "pictures" (GFile, read and write): the folder that names are
 * relative to, NULL while it is not known. Signal: "texts-changed".
 *
 * All but that property and the texts is immutable and may be read on any thread. */

/* Opens what “dinoscope-cli index” wrote, or “dinoscope-cli embed”, whose CLS rows
 * are then read into memory, on a thread of GIO. The pictures are looked for in
 * the folder itself and in the one above. */
void                    dinoscope_neighbor_index_open_async (GFile *folder, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
DinoscopeNeighborIndex *dinoscope_neighbor_index_open_finish (GAsyncResult *result, GError **error);

GFile                   *dinoscope_neighbor_index_get_folder (DinoscopeNeighborIndex *self);
const char              *dinoscope_neighbor_index_get_title (DinoscopeNeighborIndex *self); /* the folder's name */
const struct dino_index *dinoscope_neighbor_index_get_core (DinoscopeNeighborIndex *self);

GFile *dinoscope_neighbor_index_get_pictures (DinoscopeNeighborIndex *self);
void   dinoscope_neighbor_index_set_pictures (DinoscopeNeighborIndex *self, GFile *folder);

/* Whether the first pictures lie in folder under their names. Looks at the disk. */
gboolean dinoscope_neighbor_index_are_pictures_in (DinoscopeNeighborIndex *self, GFile *folder);

/* NULL while it is not known where the pictures are. (transfer full) */
GFile *dinoscope_neighbor_index_dup_file (DinoscopeNeighborIndex *self, gsize picture);

/* Texts from a table (TSV or CSV, dino_table_match()), of its column “text”,
 * “report” or else the last one; *n_matched pictures have one. One that tells of
 * none is refused. */
gboolean dinoscope_neighbor_index_read_texts (DinoscopeNeighborIndex *self, GFile *file, gsize *n_matched, GError **error);

gboolean    dinoscope_neighbor_index_has_texts (DinoscopeNeighborIndex *self);
const char *dinoscope_neighbor_index_get_text (DinoscopeNeighborIndex *self, gsize picture); /* "" without */

typedef struct
{
  gboolean exclude_picture; /* the row of the same pixels is left out */
  int      same_column;     /* of the index's table: rows with that picture's value are left out; -1: none */
  gint     patch;           /* of an index of patches */
  gsize    k;               /* at most so many */
} DinoscopeNeighborQuery;

/* The nearest rows to features, struct dino_hit, found on a thread of GIO. Fails
 * with a sentence for a person when they were not made as the index was: by
 * another model, in another precision, of a picture prepared in another way, on
 * a grid that does not fit. */
void    dinoscope_neighbor_index_search_async (DinoscopeNeighborIndex *self, DinoscopeStudy *study, DinoscopeFeatures *features, const DinoscopeNeighborQuery *query, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GArray *dinoscope_neighbor_index_search_finish (DinoscopeNeighborIndex *self, GAsyncResult *result, GError **error);

G_END_DECLS
