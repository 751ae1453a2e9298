#pragma once

#include <gtk/gtk.h>

#include "app/dinoscope-session.h"

G_BEGIN_DECLS

void dinoscope_about_show (GtkWindow *parent, DinoscopeSession *session);

/* The text for bug reports: versions, processor, renderer, model. Nothing of a
 * picture. parent may be NULL. (transfer full) */
char *dinoscope_about_describe_system (GtkWindow *parent, DinoscopeSession *session);

G_END_DECLS
