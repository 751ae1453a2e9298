#pragma once

#include <adwaita.h>

#include "app/dinoscope-session.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_PREFERENCES (dinoscope_preferences_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopePreferences, dinoscope_preferences, DINOSCOPE, PREFERENCES, AdwPreferencesWindow)

/* How the program computes. What is chosen is written to the settings, which
 * others follow. Raises the one that parent has already. */
DinoscopePreferences *dinoscope_preferences_show (GtkWindow *parent, DinoscopeSession *session, GSettings *settings);

/* Brings the list of plug-ins to the front. */
void dinoscope_preferences_show_plugins (DinoscopePreferences *self);

G_END_DECLS
