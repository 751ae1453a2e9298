#pragma once

#include <adwaita.h>

#include "app/dinoscope-session.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_APPLICATION (dinoscope_application_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeApplication, dinoscope_application, DINOSCOPE, APPLICATION, AdwApplication)

/* The program. One instance a user, which opens further files as tabs, unless
 * a model is named on the command line or DINOSCOPE_NON_UNIQUE is set.
 *
 * Actions: app.about, app.help, app.quit. */

DinoscopeApplication *dinoscope_application_new (void);

/* NULL before startup. */
DinoscopeSession *dinoscope_application_get_session (DinoscopeApplication *self);

G_END_DECLS
