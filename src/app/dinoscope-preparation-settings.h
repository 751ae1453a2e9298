#pragma once

#include <gio/gio.h>

#include "core/picture/prepare.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_PREPARATION_SETTINGS (dinoscope_preparation_settings_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopePreparationSettings, dinoscope_preparation_settings, DINOSCOPE, PREPARATION_SETTINGS, GObject)

/* How pictures are prepared for the model. A window has one, so that a choice
 * carries over to the next picture and the next tab. It begins with the
 * processor's own preparation at every start. Signal "changed". */

DinoscopePreparationSettings *dinoscope_preparation_settings_new (void);

/* Without values of interest: those are the page's. */
const struct dino_preparation *dinoscope_preparation_settings_get (DinoscopePreparationSettings *self);
void                           dinoscope_preparation_settings_set (DinoscopePreparationSettings *self, const struct dino_preparation *preparation);

/* Whether two preparations give the model the same; values of interest count
 * only where they are applied. */
gboolean dinoscope_preparation_equal (const struct dino_preparation *one, const struct dino_preparation *other);

/* TRUE for what the processor does on its own. */
gboolean dinoscope_preparation_is_own (const struct dino_preparation *preparation);

G_END_DECLS
