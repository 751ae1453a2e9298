#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_HELP_WINDOW (dinoscope_help_window_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeHelpWindow, dinoscope_help_window, DINOSCOPE, HELP_WINDOW, AdwWindow)

/* A page of help beside the window, without any network. Shown once: a second call raises it. */
void dinoscope_help_window_show (GtkWindow *parent);

G_END_DECLS
