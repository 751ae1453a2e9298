#include "render/svg.h"

#include <stdio.h>
#include <math.h>
#include <string.h>

#include "core/base/text.h"

/* Kinds of names that Cairo counts by itself: surface1, image5, clip2 … */
#define MAX_KINDS 16
#define MAX_PER_KIND 64
#define KIND_LENGTH 24

/* CSS has another name for the family that always is there. */
#define CSS_FAMILIES "Cantarell, sans-serif"

struct names
{
  char     kinds[MAX_KINDS][KIND_LENGTH];
  unsigned numbers[MAX_KINDS][MAX_PER_KIND]; /* as Cairo has them, in the order in which they occur */
  int      n_numbers[MAX_KINDS];
  int      n_kinds;
};

static void
add_attribute (struct dino_stream *texts, const char *name, double value)
{
  dino_stream_add_text (texts, " ");
  dino_stream_add_text (texts, name);
  dino_stream_add_text (texts, "=\"");
  dino_stream_add_number (texts, value);
  dino_stream_add_text (texts, "\"");
}

static void
add_color (struct dino_stream *texts, cairo_t *cr)
{
  double red = 0, green = 0, blue = 0, alpha = 1;
  char   color[16];

  cairo_pattern_get_rgba (cairo_get_source (cr), &red, &green, &blue, &alpha);
  snprintf (color, sizeof color, "#%02x%02x%02x", (unsigned) (red * 255 + 0.5), (unsigned) (green * 255 + 0.5), (unsigned) (blue * 255 + 0.5));
  dino_stream_add_text (texts, " fill=\"");
  dino_stream_add_text (texts, color);
  dino_stream_add_text (texts, "\"");
}

/* What is seen of a line: Pango leaves out a part where there is an ellipsis. */
static void
add_line (struct dino_stream *texts, const PangoLayoutLine *line, const char *text)
{
  for (GSList *run = line->runs; run != NULL; run = run->next)
    {
      const PangoItem *item = ((const PangoGlyphItem *) run->data)->item;

      if ((item->analysis.flags & PANGO_ANALYSIS_FLAG_IS_ELLIPSIS) != 0)
        dino_stream_add_text (texts, "…");
      else
        dino_stream_add_escaped (texts, text + item->offset, (size_t) item->length);
    }
}

/* About the point at which the text begins. */
static void
add_turn (struct dino_stream *texts, double degrees, double x, double y)
{
  dino_stream_add_text (texts, " transform=\"rotate(");
  dino_stream_add_number (texts, degrees);
  dino_stream_add_text (texts, " ");
  dino_stream_add_number (texts, x);
  dino_stream_add_text (texts, " ");
  dino_stream_add_number (texts, y);
  dino_stream_add_text (texts, ")\"");
}

static void
show_line (struct dino_stream *texts, cairo_t *cr, PangoLayout *layout, PangoLayoutIter *iter, double x, double y)
{
  const PangoFontDescription *font = pango_layout_get_font_description (layout);
  const double                size = (double) pango_font_description_get_size (font) / PANGO_SCALE;
  double                      dx = size, dy = 0;
  double                      length, turn;
  PangoRectangle              extents;

  pango_layout_iter_get_line_extents (iter, NULL, &extents);
  if (extents.width <= 0)
    return;
  x += (double) extents.x / PANGO_SCALE;
  y += (double) pango_layout_iter_get_baseline (iter) / PANGO_SCALE;
  length = (double) extents.width / PANGO_SCALE;
  cairo_user_to_device (cr, &x, &y);
  cairo_user_to_device_distance (cr, &dx, &dy);
  turn = atan2 (dy, dx) * 180 / M_PI;
  length *= hypot (dx, dy) / size;

  dino_stream_add_text (texts, "<text");
  add_attribute (texts, "x", x);
  add_attribute (texts, "y", y);
  add_attribute (texts, "font-size", hypot (dx, dy));
  if (pango_font_description_get_weight (font) >= PANGO_WEIGHT_BOLD)
    dino_stream_add_text (texts, " font-weight=\"bold\"");
  if (turn != 0)
    add_turn (texts, turn, x, y);
  /* Where another font takes the place of ours, nothing runs into its neighbour. */
  add_attribute (texts, "textLength", length);
  dino_stream_add_text (texts, " lengthAdjust=\"spacingAndGlyphs\"");
  add_color (texts, cr);
  dino_stream_add_text (texts, ">");
  add_line (texts, pango_layout_iter_get_line_readonly (iter), pango_layout_get_text (layout));
  dino_stream_add_text (texts, "</text>\n");
}

void
dino_svg_show_text (void *data, cairo_t *cr, PangoLayout *layout, double x, double y)
{
  PangoLayoutIter *iter = pango_layout_get_iter (layout);

  do
    show_line (data, cr, layout, iter, x, y);
  while (pango_layout_iter_next_line (iter));
  pango_layout_iter_free (iter);
}

static int
find_kind (struct names *names, const char *kind, size_t length)
{
  for (int i = 0; i < names->n_kinds; i++)
    if (strlen (names->kinds[i]) == length && memcmp (names->kinds[i], kind, length) == 0)
      return i;
  if (names->n_kinds == MAX_KINDS || length >= KIND_LENGTH)
    return -1;
  memcpy (names->kinds[names->n_kinds], kind, length);
  return names->n_kinds++;
}

/* 1, 2 … for the numbers of a kind, in the order in which they occur; as it is
 * when there are more than are ever drawn. */
static unsigned
renumber (struct names *names, int kind, unsigned number)
{
  int n = kind >= 0 ? names->n_numbers[kind] : 0;

  for (int i = 0; i < n; i++)
    if (names->numbers[kind][i] == number)
      return (unsigned) i + 1;
  if (kind < 0 || n == MAX_PER_KIND)
    return number;
  names->numbers[kind][n] = number;
  names->n_numbers[kind]++;
  return (unsigned) n + 1;
}

/* The name of an element or a reference to one begins at place, after one of these. */
static bool
begins_name (const char *data, const char *place)
{
  return (place - data >= 5 && memcmp (place - 5, " id=\"", 5) == 0) || (place - data >= 2 && memcmp (place - 2, "\"#", 2) == 0) ||
         (place - data >= 2 && memcmp (place - 2, "(#", 2) == 0);
}

/* Copies data, its names counted anew. */
static void
add_renamed (struct dino_stream *svg, const char *data, size_t length, struct names *names)
{
  const char *end = data + length;
  const char *copied = data;

  for (const char *place = data; place < end; place++)
    {
      size_t   letters = 0, digits = 0;
      unsigned number = 0;
      char     text[16];

      if (!begins_name (data, place))
        continue;
      while (place + letters < end && ((place[letters] >= 'a' && place[letters] <= 'z') || place[letters] == '-'))
        letters++;
      for (const char *digit = place + letters; digit < end && *digit >= '0' && *digit <= '9' && digits < 9; digit++, digits++)
        number = number * 10 + (unsigned) (*digit - '0');
      if (letters == 0 || digits == 0)
        continue;
      snprintf (text, sizeof text, "%u", renumber (names, find_kind (names, place, letters), number));
      dino_stream_add (svg, copied, (size_t) (place + letters - copied));
      dino_stream_add_text (svg, text);
      copied = place + letters + digits;
      place = copied - 1;
    }
  dino_stream_add (svg, copied, (size_t) (end - copied));
}

/* The end of the tag <svg …>; NULL when there is none. */
static const char *
find_head_end (const char *data, size_t length)
{
  for (size_t i = 0; i + 4 < length; i++)
    if (memcmp (data + i, "<svg", 4) == 0)
      {
        const char *end = memchr (data + i, '>', length - i);

        return end != NULL ? end + 1 : NULL;
      }
  return NULL;
}

/* The beginning of the last tag. */
static const char *
find_tail (const char *data, size_t length)
{
  const char *tail = data + length;

  while (tail > data && *tail != '<')
    tail--;
  return tail;
}

bool
dino_svg_assemble (const struct dino_stream *drawn, const struct dino_stream *texts, const char *title, const char *description, struct dino_stream *svg)
{
  const char  *head = drawn->length > 0 ? find_head_end (drawn->data, drawn->length) : NULL;
  const char  *tail;
  struct names names = { 0 };

  if (texts->error.code != DINO_CODE_NONE)
    return dino_error_set (&svg->error, texts->error.code, "%s", texts->error.message);
  if (head == NULL)
    return dino_error_set (&svg->error, DINO_CODE_WRITE, _ ("The picture cannot be written as SVG."));
  tail = find_tail (drawn->data, drawn->length - 1);
  dino_stream_add (svg, drawn->data, (size_t) (head - drawn->data));
  dino_stream_add_text (svg, "\n<title>");
  dino_stream_add_escaped (svg, title, strlen (title));
  dino_stream_add_text (svg, "</title>\n<desc>");
  dino_stream_add_escaped (svg, description, strlen (description));
  dino_stream_add_text (svg, "</desc>");
  add_renamed (svg, head, (size_t) (tail - head), &names);
  if (texts->length > 0)
    {
      dino_stream_add_text (svg, "<g font-family=\"" CSS_FAMILIES "\">\n");
      dino_stream_add (svg, texts->data, texts->length);
      dino_stream_add_text (svg, "</g>\n");
    }
  return dino_stream_add (svg, tail, (size_t) (drawn->data + drawn->length - tail));
}
