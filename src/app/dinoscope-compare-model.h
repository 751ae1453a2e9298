#pragma once

#include "app/dinoscope-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_COMPARE_MODEL (dinoscope_compare_model_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeCompareModel, dinoscope_compare_model, DINOSCOPE, COMPARE_MODEL, AdwWindow)

/* Asks for a second encoder, tells what memory it takes, and loads it beside
 * the one in use.
 *
 * Signal "loaded" (DinoscopeModel *): it is there; the window closes then. */

DinoscopeCompareModel *dinoscope_compare_model_new (GtkWindow *parent, DinoscopeSession *session, GSettings *preferences);

/* As the list and the precision row do; TRUE when there is such a model. */
gboolean dinoscope_compare_model_choose (DinoscopeCompareModel *self, const char *path, enum dino_precision precision);
void     dinoscope_compare_model_load (DinoscopeCompareModel *self);

G_END_DECLS
