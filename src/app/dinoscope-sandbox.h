#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a Flatpak takes away, so that the window says so and offers something
 * else. Outside of a Flatpak nothing is taken away. $DINOSCOPE_FLATPAK_INFO names
 * another file than /.flatpak-info, for tests. */

gboolean dinoscope_sandbox_has_network (void);

/* The user's own folders are seen without being chosen. */
gboolean dinoscope_sandbox_sees_home (void);

/* A file that was let in alone: its folder holds nothing else. One in a folder
 * that was let in is not alone. */
gboolean dinoscope_sandbox_is_alone (GFile *file);

G_END_DECLS
