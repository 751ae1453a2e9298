#pragma once

#include <gio/gio.h>

#include "core/maps/draw.h"
#include "engine/dinoscope.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_OVERLAY_SETTINGS (dinoscope_overlay_settings_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeOverlaySettings, dinoscope_overlay_settings, DINOSCOPE, OVERLAY_SETTINGS, GObject)

/* What is laid over the picture, and in which colours. A window has one, so
 * that values carry over to the next picture and the next tab. Each overlay
 * remembers its own parameters, colour map, range and threshold; opacity and
 * smoothing are common to all.
 *
 * Properties: "provider", "map-visible", "opacity" (0 … 1), "guess-first" (maps
 * of new pictures are hidden until somebody guessed; no part of the state).
 *
 * Signals:
 *   "list-changed": the descriptions of the parameters are others (overlay or model changed)
 *   "map-changed": another map has to be computed
 *   "style-changed": the same map in other colours
 */

DinoscopeOverlaySettings *dinoscope_overlay_settings_new (void);

/* Parameters are fitted to the model: what it does not allow goes back to its default. NULL: no parameters. */
void dinoscope_overlay_settings_set_model (DinoscopeOverlaySettings *self, DinoscopeModel *model);

DinoscopeOverlayProvider *dinoscope_overlay_settings_get_provider (DinoscopeOverlaySettings *self);
void                      dinoscope_overlay_settings_set_provider (DinoscopeOverlaySettings *self, DinoscopeOverlayProvider *provider);

/* Descriptions, a GListModel of DinoscopeParameter; NULL without a model. */
GListModel         *dinoscope_overlay_settings_get_parameters (DinoscopeOverlaySettings *self);
DinoscopeParameter *dinoscope_overlay_settings_find_parameter (DinoscopeOverlaySettings *self, const char *name);

/* All values, a{sv}; NULL without a model. (transfer none) */
GVariant *dinoscope_overlay_settings_get_values (DinoscopeOverlaySettings *self);

/* One value (transfer full), NULL when it is off or there is none of that name. */
GVariant *dinoscope_overlay_settings_dup_value (DinoscopeOverlaySettings *self, const char *name);

/* value is sunk; NULL turns an optional parameter off. A value that the
 * parameter does not allow changes nothing. */
void dinoscope_overlay_settings_set_value (DinoscopeOverlaySettings *self, const char *name, GVariant *value);

/* Several values at once, a{sv}: all or, where one is not allowed, none. */
void dinoscope_overlay_settings_set_values (DinoscopeOverlaySettings *self, GVariant *values);

/* The next (steps > 0) or previous value of a parameter that counts or chooses;
 * stays at the ends. FALSE when the overlay has no such parameter. */
gboolean dinoscope_overlay_settings_step (DinoscopeOverlaySettings *self, const char *name, int steps);

/* Parameters and style of the overlay shown back to their defaults. */
void dinoscope_overlay_settings_reset (DinoscopeOverlaySettings *self);

const struct dino_map_style *dinoscope_overlay_settings_get_style (DinoscopeOverlaySettings *self);
void                         dinoscope_overlay_settings_set_style (DinoscopeOverlaySettings *self, const struct dino_map_style *style);

/* The colour map for values that run one way, where none is chosen for the
 * overlay; NULL: as each map suggests. */
void dinoscope_overlay_settings_set_colormap (DinoscopeOverlaySettings *self, const struct dino_colormap *colormap);

/* The style in which map is drawn, the preferred colour map filled in. */
struct dino_map_style dinoscope_overlay_settings_style_of (DinoscopeOverlaySettings *self, DinoscopeMap *map);

double dinoscope_overlay_settings_get_opacity (DinoscopeOverlaySettings *self);
void   dinoscope_overlay_settings_set_opacity (DinoscopeOverlaySettings *self, double opacity);

/* All of it for the overlay shown, a{sv}: "overlay" s, "parameter-…" as the
 * parameter has it, "map-visible" b, "colormap" s ("": the map's own), "opacity"
 * d, "smooth" s, and where there is one "threshold" d and "range" (dd).
 * dup_state is transfer full. What is not there any more, or not allowed, is
 * passed over. */
GVariant *dinoscope_overlay_settings_dup_state (DinoscopeOverlaySettings *self);
void      dinoscope_overlay_settings_restore (DinoscopeOverlaySettings *self, GVariant *state);

G_END_DECLS
