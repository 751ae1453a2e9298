#include "io/outlines-file.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/base/text.h"

/* A piece of text; whole numbers and our own words only, so that it fits. */
static bool put (struct dino_output *output, struct dino_error *error, const char *format, ...) __attribute__ ((format (printf, 3, 4)));

static bool
put (struct dino_output *output, struct dino_error *error, const char *format, ...)
{
  char    buffer[256];
  va_list arguments;
  int     length;

  va_start (arguments, format);
  length = vsnprintf (buffer, sizeof buffer, format, arguments);
  va_end (arguments);
  return dino_output_write (output, buffer, (size_t) length, error);
}

/* A name in a JSON string (RFC 8259), or in the text of an XML element or
 * attribute. */
static bool
put_name (struct dino_output *output, const char *name, bool xml, struct dino_error *error)
{
  bool good = true;

  for (; good && *name != '\0'; name++)
    {
      const unsigned char byte = (unsigned char) *name;

      if (xml && (byte == '<' || byte == '>' || byte == '&' || byte == '"'))
        good = put (output, error, "&#%d;", byte);
      else if (xml && byte < ' ')
        good = put (output, error, " ");
      else if (!xml && (byte == '"' || byte == '\\'))
        good = put (output, error, "\\%c", byte);
      else if (!xml && byte < ' ')
        good = put (output, error, "\\u%04x", byte);
      else
        good = dino_output_write (output, name, 1, error);
    }
  return good;
}

static bool
put_json_ring (struct dino_output *output, const struct dino_point *points, size_t n, struct dino_error *error)
{
  bool good = put (output, error, "[");

  /* The first position is the last one, too. */
  for (size_t i = 0; good && i <= n; i++)
    good = put (output, error, "%s[%d,%d]", i > 0 ? "," : "", points[i % n].x, points[i % n].y);
  return good && put (output, error, "]");
}

static bool
put_feature (struct dino_output *output, const struct dino_outlines *outlines, const struct dino_polygon *polygon, const struct dino_classes *classes, struct dino_error *error)
{
  const struct dino_class *of = &classes->list[polygon->class_index];
  bool                     good = put (output, error, "{\"type\":\"Feature\",\"properties\":{\"class\":\"") && put_name (output, of->name, false, error) &&
              put (output, error, "\",\"value\":%d,\"area_pixels\":%" PRIu64 "},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[", of->value, polygon->area);

  for (size_t r = 0; good && r < polygon->n_rings; r++)
    {
      const struct dino_ring *ring = &outlines->rings[polygon->first_ring + r];

      good = (r == 0 || put (output, error, ",")) && put_json_ring (output, outlines->points + ring->first, ring->n, error);
    }
  return good && put (output, error, "]}}");
}

bool
dino_outlines_write_geojson (struct dino_output *output, const struct dino_outlines *outlines, const struct dino_classes *classes, struct dino_error *error)
{
  bool good = put (output, error, "{\"type\":\"FeatureCollection\",\"features\":[");

  for (size_t p = 0; good && p < outlines->n_polygons; p++)
    good = put (output, error, p > 0 ? ",\n" : "\n") && put_feature (output, outlines, &outlines->polygons[p], classes, error);
  return good && put (output, error, "\n]}\n");
}

static bool
put_path (struct dino_output *output, const struct dino_outlines *outlines, const struct dino_polygon *polygon, const struct dino_class *of, struct dino_error *error)
{
  bool good = put (output, error, "<path fill=\"#%02x%02x%02x\" fill-opacity=\"0.5\" fill-rule=\"evenodd\" stroke=\"#%02x%02x%02x\" d=\"",
                   of->rgb[0], of->rgb[1], of->rgb[2], of->rgb[0], of->rgb[1], of->rgb[2]);

  for (size_t r = 0; good && r < polygon->n_rings; r++)
    {
      const struct dino_ring  *ring = &outlines->rings[polygon->first_ring + r];
      const struct dino_point *points = outlines->points + ring->first;

      for (size_t i = 0; good && i < ring->n; i++)
        good = put (output, error, "%c%d %d", i > 0 ? 'L' : 'M', points[i].x, points[i].y);
      good = good && put (output, error, "Z");
    }
  return good && put (output, error, "\"><title>") && put_name (output, of->name, true, error) && put (output, error, "</title></path>\n");
}

bool
dino_outlines_write_svg (struct dino_output *output, const struct dino_outlines *outlines, const struct dino_classes *classes, int width, int height, struct dino_error *error)
{
  bool good = put (output, error, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n", width, height, width, height);

  for (size_t p = 0; good && p < outlines->n_polygons; p++)
    good = put_path (output, outlines, &outlines->polygons[p], &classes->list[outlines->polygons[p].class_index], error);
  return good && put (output, error, "</svg>\n");
}

bool
dino_outlines_format_of (const char *path, enum dino_outlines_format *format)
{
  const char *ending = strrchr (path, '.');

  if (ending == NULL)
    return false;
  if (strcasecmp (ending, ".svg") == 0)
    *format = DINO_OUTLINES_SVG;
  else if (strcasecmp (ending, ".geojson") == 0 || strcasecmp (ending, ".json") == 0)
    *format = DINO_OUTLINES_GEOJSON;
  else
    return false;
  return true;
}
