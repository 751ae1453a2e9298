#pragma once

#include "app/dinoscope-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_MODEL_CHOOSER (dinoscope_model_chooser_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeModelChooser, dinoscope_model_chooser, DINOSCOPE, MODEL_CHOOSER, AdwWindow)

/* The encoders that were found, beside the window that parent is: the one in
 * use is marked, another one is a click away, those that cannot be used say
 * why. Shown once for a window: a second call looks again and raises it. */
void dinoscope_model_chooser_show (GtkWindow *parent, DinoscopeSession *session, GSettings *preferences);

/* Looks again at what is there. */
void dinoscope_model_chooser_reload (DinoscopeModelChooser *self);

/* Uses the model in folder, as the file chooser does. */
void dinoscope_model_chooser_choose (DinoscopeModelChooser *self, GFile *folder);

G_END_DECLS
