/* Texts in exported pictures: the same shapes on every screen. Private to render. */
#pragma once

#include <pango/pangocairo.h>
#include <stdbool.h>

/* A layout for text (which may be NULL) of size user units, drawn in one line
 * until the caller says otherwise. g_object_unref() it. */
PangoLayout *dino_text_layout (cairo_t *cr, const char *text, double size, bool bold);

double dino_text_width (PangoLayout *layout);
double dino_text_height (PangoLayout *layout);

/* Narrows the text until it fits into width: smaller letters first (down to
 * seven tenths), then an ellipsis. */
void dino_text_fit (PangoLayout *layout, double width);

/* Draws with the top left corner at (x, y) in the current colour. */
void dino_text_show (cairo_t *cr, PangoLayout *layout, double x, double y);

/* Takes the place of dino_text_show() for what is drawn on a surface: how SVG
 * gets letters instead of outlines. */
typedef void (*dino_text_show_func) (void *data, cairo_t *cr, PangoLayout *layout, double x, double y);

struct dino_text_diversion
{
  dino_text_show_func show;
  void               *data;
};

/* diversion must live as long as the surface. */
void dino_text_divert (cairo_surface_t *surface, struct dino_text_diversion *diversion);

/* Families in which texts are set, as Pango and CSS take them. */
#define DINO_TEXT_FAMILIES "Cantarell, Sans"
