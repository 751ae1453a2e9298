/* What Cairo's SVG lacks: letters, and names that do not depend on what the
 * process drew before. Private to render. */
#pragma once

#include "render/stream.h"
#include "render/text.h"

/* A dino_text_show_func; data is a struct dino_stream that gets <text> elements. */
void dino_svg_show_text (void *data, cairo_t *cr, PangoLayout *layout, double x, double y);

/* Puts together what Cairo drew and the texts over it, with a title and a
 * description for those who do not see it. false: svg->error. */
bool dino_svg_assemble (const struct dino_stream *drawn, const struct dino_stream *texts, const char *title, const char *description, struct dino_stream *svg);
