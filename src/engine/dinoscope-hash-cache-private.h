/* Hashes of model files, remembered from run to run. */
#pragma once

#include <gio/gio.h>

#include "core/base/sha256.h"

G_BEGIN_DECLS

/* Says that a file is still the same without reading it. */
typedef struct
{
  guint64 device, inode, size;
  gint64  modified, changed; /* nanoseconds */
} DinoscopeFileIdentity;

gboolean dinoscope_file_identity (const char *path, DinoscopeFileIdentity *identity);

/* FALSE when nothing is remembered; a cache that cannot be understood is passed over. */
gboolean dinoscope_hash_cache_lookup (const DinoscopeFileIdentity *identity, char text[DINO_SHA256_LENGTH]);

/* A cache that cannot be written is no error: the hash is computed again next time. */
void dinoscope_hash_cache_store (const DinoscopeFileIdentity *identity, const char *text);

G_END_DECLS
