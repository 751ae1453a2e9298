#include "render/text.h"

#define SMALLEST 0.7

static const cairo_user_data_key_t diversion_key;

PangoLayout *
dino_text_layout (cairo_t *cr, const char *text, double size, bool bold)
{
  PangoLayout          *layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_from_string (DINO_TEXT_FAMILIES);
  cairo_font_options_t *options = cairo_font_options_create ();

  /* What a desktop is set to must not show in an exported picture, and text
   * must measure the same at every scale. */
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options (pango_layout_get_context (layout), options);
  pango_context_set_round_glyph_positions (pango_layout_get_context (layout), FALSE);
  pango_layout_context_changed (layout);
  cairo_font_options_destroy (options);

  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  if (bold)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_text (layout, text != NULL ? text : "", -1);
  return layout;
}

double
dino_text_width (PangoLayout *layout)
{
  PangoRectangle extents;

  pango_layout_get_extents (layout, NULL, &extents);
  return (double) extents.width / PANGO_SCALE;
}

double
dino_text_height (PangoLayout *layout)
{
  PangoRectangle extents;

  pango_layout_get_extents (layout, NULL, &extents);
  return (double) extents.height / PANGO_SCALE;
}

void
dino_text_fit (PangoLayout *layout, double width)
{
  double                natural = dino_text_width (layout);
  double                factor;
  PangoFontDescription *font;

  /* No text has no width, and fits. */
  if (natural <= MAX (width, 0))
    return;
  factor = width / natural;
  font = pango_font_description_copy (pango_layout_get_font_description (layout));
  pango_font_description_set_absolute_size (font, pango_font_description_get_size (font) * MAX (factor, SMALLEST));
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  if (factor >= SMALLEST)
    return;
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (layout, (int) (MAX (width, 0) * PANGO_SCALE));
}

void
dino_text_show (cairo_t *cr, PangoLayout *layout, double x, double y)
{
  const struct dino_text_diversion *diversion = cairo_surface_get_user_data (cairo_get_target (cr), &diversion_key);

  if (diversion != NULL)
    {
      diversion->show (diversion->data, cr, layout, x, y);
      return;
    }
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
}

void
dino_text_divert (cairo_surface_t *surface, struct dino_text_diversion *diversion)
{
  cairo_surface_set_user_data (surface, &diversion_key, diversion, NULL);
}
