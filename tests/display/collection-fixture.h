/* Folders of embeddings for tests, without an encoder. */
#pragma once

#include <gio/gio.h>

/* A new folder below the temporary one with a folder "embeddings" of n rows in
 * four clouds of 16 channels, named 00000.png and so on; column "cloud" is
 * empty of every tenth. The first n_pictures are there as small PNG files
 * beside it. (transfer full) */
GFile *collection_folder_new (guint n, guint n_pictures);

/* The embeddings in it. (transfer full) */
GFile *collection_folder_get_embeddings (GFile *folder);

/* Removes it with all that is in it. */
void collection_folder_remove (GFile *folder);
