/* Exports and charts while memory runs out, at every allocation in turn: an
 * error, no crash, no leak, no file. */
#include <glib/gstdio.h>

#include "core/base/memory.h"
#include "core/picture/thumbnail.h"
#include "exhaust.h"
#include "io/output.h"
#include "render/chart-file.h"
#include "render/contact-sheet.h"
#include "render/heat-map.h"
#include "render/plots.h"
#include "render/scatter.h"
#include "render/write.h"

static char *folder, *path;

/* An export of a picture of 60 x 40 pixels, everything being drawn. */
struct drawing
{
  enum dino_export_format format;
  enum dino_smooth        smooth;
  bool                    map_only;
};

static bool
write_export (void *data, struct dino_error *error)
{
  static const struct dino_processor processor = { .resize = true, .shortest_edge = 28, .center_crop = true, .crop_width = 28, .crop_height = 28 };
  static const uint8_t               picture[60 * 40 * 3];
  const struct drawing              *drawing = data;
  struct dino_geometry               geometry;
  struct dino_export                 description = { .picture = picture, .width = 60, .height = 40, .channels = 3, .geometry = &geometry, .bar = true, .caption = "A caption", .turns = 1, .map_only = drawing->map_only };
  struct dino_map                   *map = dino_map_new (2, 2, 1, error);
  struct dino_output                *output = NULL;
  int                                width, height;
  bool                               done = map != NULL && dino_geometry_init (&geometry, &processor, 14, 60, 40, DINO_FIT_CROP, 0, error);

  if (done)
    {
      for (int i = 0; i < 4; i++)
        map->values[i] = (float) i;
      map->seen = dino_geometry_seen (&geometry);
      g_strlcpy (map->title, "A title", sizeof map->title);
      dino_map_style_init (&description.style);
      description.style.smooth = drawing->smooth;
      description.style.contours = 2;
      description.map = map;
      done = dino_map_measure (map, error);
    }
  if (done)
    output = dino_output_new (path, error);
  if (output != NULL && dino_export_write (&description, drawing->format, output, &width, &height, error))
    done = dino_output_commit (output, error);
  else
    {
      dino_output_abort (output);
      done = false;
    }
  dino_map_unref (map);
  g_assert_cmpint (g_unlink (path), ==, done ? 0 : -1);
  return done;
}

static void
test_exports (void)
{
  static const struct
  {
    const char    *name;
    struct drawing drawing;
  } cases[] = {
    { "PNG, cells", { DINO_EXPORT_AS_PNG, DINO_SMOOTH_CELLS, false } },
    { "PNG, guided", { DINO_EXPORT_AS_PNG, DINO_SMOOTH_GUIDED, false } },
    { "PNG, the map alone", { DINO_EXPORT_AS_PNG, DINO_SMOOTH_BILINEAR, true } },
    { "SVG", { DINO_EXPORT_AS_SVG, DINO_SMOOTH_BILINEAR, false } },
    { "PDF", { DINO_EXPORT_AS_PDF, DINO_SMOOTH_CELLS, false } },
    { "NPY", { DINO_EXPORT_AS_NPY, DINO_SMOOTH_CELLS, false } },
    { "CSV", { DINO_EXPORT_AS_CSV, DINO_SMOOTH_CELLS, false } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    exhaust (cases[i].name, write_export, (void *) &cases[i].drawing, "");
}

struct chart
{
  struct dino_chart      chart;
  enum dino_chart_format format;
};

static bool
write_chart (void *data, struct dino_error *error)
{
  const struct chart *chart = data;
  struct dino_output *output = dino_output_new (path, error);
  bool                done = false;

  if (output != NULL && dino_chart_write (&chart->chart, chart->format, output, error))
    done = dino_output_commit (output, error);
  else
    dino_output_abort (output);
  g_assert_cmpint (g_unlink (path), ==, done ? 0 : -1);
  return done;
}

static void
exhaust_chart (const char *name, void (*paint) (const void *data, cairo_t *cr, double width, double height), const void *data)
{
  struct chart chart = { .chart = { .paint = paint, .data = data, .width = 300, .height = 200, .title = "A chart" } };

  for (chart.format = DINO_CHART_PNG; chart.format <= DINO_CHART_SVG; chart.format++)
    exhaust (name, write_chart, &chart, "");
}

static const double values[] = { 0, 0.3, 0.6, 1 };
static const int    numbers[] = { 0, 1 };

static void
test_charts (void)
{
  static const struct dino_plot_line  line = { .label = "a line", .x = values, .y = values, .n = 4 };
  static const struct dino_plot_panel panel = { .title = "A panel", .x_title = "x", .y_title = "y", .x_high = 1, .y_high = 1, .diagonal = true, .lines = &line, .n_lines = 1 };
  static const struct dino_plots      plots = { .title = "Plots", .panels = &panel, .n_panels = 1, .n_columns = 1 };
  static const struct dino_heat_map   map = { "A map", 2, 2, values, numbers, numbers };
  static const struct dino_heat_maps  maps = { .title = "Maps", .caption = "A caption", .row_title = "up", .column_title = "right", .maps = &map, .n_maps = 1, .high = 1 };
  static const float                  plane[] = { 0, 1, 2, 3, 1, 1 };
  static const struct dino_scatter    scatter = { .n = 3, .plane = plane, .title = "A scatter" };

  exhaust_chart ("plots", dino_plots_paint, &plots);
  exhaust_chart ("heat maps", dino_heat_maps_paint, &maps);
  exhaust_chart ("scatter", dino_scatter_paint, &scatter);
}

static const char *
text_of (const void *data, size_t index)
{
  static const char *const texts[] = { "pa", "ap", "", "lateral" };

  return texts[index % 4];
}

static bool
make_column (void *data, struct dino_error *error)
{
  struct dino_scatter_column *column = dino_scatter_column_new ("view", text_of, data, 20, error);

  dino_scatter_column_free (column);
  return column != NULL;
}

static bool
draw_sheet (void *data, struct dino_error *error)
{
  const struct dino_contact contacts[] = { { .picture = data, .title = "one", .detail = "of two", .framed = true }, { .title = "no picture" } };
  int                       width, height;
  uint8_t                  *pixels = dino_contact_sheet_draw (contacts, 2, 2, "A heading", &width, &height, error);

  dino_free (pixels);
  return pixels != NULL;
}

static void
test_sheets (void)
{
  struct dino_picture   *picture = dino_picture_new (30, 20, 3, 8, NULL);
  struct dino_thumbnail *thumbnail;

  memset (picture->samples8, 9, 30 * 20 * 3);
  g_assert_true (dino_picture_measure (picture, NULL));
  thumbnail = dino_thumbnail_new (picture, 20, NULL);
  exhaust ("contact sheet", draw_sheet, thumbnail, "");
  exhaust ("a column of classes", make_column, picture, "");
  dino_free (thumbnail);
  dino_picture_unref (picture);
}

int
main (int argc, char **argv)
{
  int status;

  faults_watch ();
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("dinoscope-render-XXXXXX", NULL);
  path = g_build_filename (folder, "out", NULL);
  g_test_add_func ("/memory/render/exports", test_exports);
  g_test_add_func ("/memory/render/charts", test_charts);
  g_test_add_func ("/memory/render/sheets", test_sheets);
  status = g_test_run ();
  /* Nothing is left of what failed. */
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_free (path);
  g_free (folder);
  return status;
}
