#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Radiographs are not named in sidecars: they are known by what they hold. */
typedef struct
{
  char    *pixels_sha256;
  char    *grey_sha256; /* "" of a picture without a grey scale; NULL: not known */
  gboolean ignore_exif; /* how it was read */
  int      frame;
  GFile   *file; /* where it was found; NULL: not yet */
} DinoscopeWantedPicture;

/* (transfer full); NULL strings and 0 where nothing is known. */
DinoscopeWantedPicture *dinoscope_wanted_picture_new (const char *pixels_sha256, const char *grey_sha256, gboolean ignore_exif, int frame);
void                    dinoscope_wanted_picture_free (DinoscopeWantedPicture *self);

/* Looks for wanted (element-type DinoscopeWantedPicture) among the pictures of
 * a folder, of which the first few hundred are read. Blocking. */
void dinoscope_picture_search (GFile *folder, GPtrArray *wanted, GCancellable *cancellable);

/* The same on a thread of GIO; wanted is not touched by others meanwhile. */
void       dinoscope_picture_search_async (GFile *folder, GPtrArray *wanted, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *dinoscope_picture_search_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DinoscopeWantedPicture, dinoscope_wanted_picture_free)

G_END_DECLS
