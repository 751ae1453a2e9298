#pragma once

#include <adwaita.h>

#include "app/dinoscope-page.h"
#include "app/dinoscope-scribble-kit.h"
#include "app/dinoscope-scribble-trainer.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_SCRIBBLE_GROUP (dinoscope_scribble_group_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeScribbleGroup, dinoscope_scribble_group, DINOSCOPE, SCRIBBLE_GROUP, AdwPreferencesGroup)

/* The brush with its classes, the decoder that learns from what is painted, and
 * the mask that it makes of the page's picture. Owns kit and trainer. */

/* NULL for no page. */
void dinoscope_scribble_group_set_page (DinoscopeScribbleGroup *self, DinoscopePage *page);

DinoscopeScribbleKit     *dinoscope_scribble_group_get_kit (DinoscopeScribbleGroup *self);
DinoscopeScribbleTrainer *dinoscope_scribble_group_get_trainer (DinoscopeScribbleGroup *self);

/* What the buttons do once a file is chosen. */
void dinoscope_scribble_group_load (DinoscopeScribbleGroup *self, GFile *file);
void dinoscope_scribble_group_save (DinoscopeScribbleGroup *self, GFile *file);
void dinoscope_scribble_group_export (DinoscopeScribbleGroup *self, GFile *file);

G_END_DECLS
