/* Masks and outlines as files. */
#include "core/base/memory.h"
#include "core/heads/outlines.h"
#include "core/heads/patch-labels.h"
#include "io/mask-file.h"
#include "io/outlines-file.h"
#include "io/png.h"

#include "io-support.h"
#include "png-builder.h"

struct fixture
{
  char               *folder, *path;
  struct dino_classes classes;
};

static void
set_up (struct fixture *fixture, gconstpointer data)
{
  fixture->folder = make_folder ();
  fixture->path = g_build_filename (fixture->folder, "mask.png", NULL);
  g_assert_true (dino_classes_add (&fixture->classes, 0, "around", NULL));
  g_assert_true (dino_classes_add (&fixture->classes, 7, "l<u>&\"n\\g\n\x01", NULL));
  g_assert_true (dino_classes_add (&fixture->classes, 3, "herz ü", NULL));
}

static void
tear_down (struct fixture *fixture, gconstpointer data)
{
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
write_mask (const struct fixture *fixture, const uint8_t *mask, int width, int height)
{
  struct dino_error   error = { 0 };
  struct dino_output *output = dino_output_new (fixture->path, &error);

  g_assert_true (dino_mask_write (output, mask, width, height, &fixture->classes, &error));
  g_assert_true (dino_output_commit (output, &error));
}

static void
assert_mask (const struct fixture *fixture, const uint8_t *values, int width, int height)
{
  struct dino_error error = { 0 };
  uint8_t          *found = NULL;
  int               found_width = 0, found_height = 0;

  g_assert_true (dino_mask_read (fixture->path, &found, &found_width, &found_height, &error));
  g_assert_cmpint (found_width, ==, width);
  g_assert_cmpint (found_height, ==, height);
  g_assert_cmpmem (found, (gsize) (width * height), values, (gsize) (width * height));
  dino_free (found);
}

/* The values of the classes come back; as a picture a mask has their colours. */
static void
test_round (struct fixture *fixture, gconstpointer data)
{
  static const uint8_t   mask[] = { 0, 1, 2, 1, 1, DINO_NO_CLASS };
  static const uint8_t   plain[] = { 1, 1, 1, 1, 1, 1 };
  g_autoptr (GByteArray) bytes = NULL;
  struct dino_picture   *picture;

  write_mask (fixture, mask, 3, 2);
  assert_mask (fixture, (const uint8_t[]){ 0, 7, 3, 7, 7, 255 }, 3, 2);
  bytes = bytes_of_file (fixture->path);
  picture = dino_png_decode (bytes->data, bytes->len, fixture->path, NULL);
  g_assert_nonnull (picture);
  for (int i = 0; i < 5; i++)
    g_assert_cmpmem (picture->samples8 + 3 * i, 3, fixture->classes.list[mask[i]].rgb, 3);
  dino_picture_unref (picture);

  write_mask (fixture, plain, 1, 6);
  assert_mask (fixture, (const uint8_t[]){ 7, 7, 7, 7, 7, 7 }, 1, 6);
}

/* Colours of the classes' values; every other value up to the last is transparent. */
static void
test_palette (struct fixture *fixture, gconstpointer data)
{
  static const uint8_t   mask[] = { 0, 1, 1, 0 };
  static const guint8    expected[] = { 0, 0, 0, 255, 0, 0, 0 };
  g_autoptr (GByteArray) bytes = NULL;
  gsize                  at;

  fixture->classes = (struct dino_classes){ .n = 0 };
  g_assert_true (dino_classes_add (&fixture->classes, 7, "seven", NULL));
  g_assert_true (dino_classes_add (&fixture->classes, 3, "three", NULL));
  write_mask (fixture, mask, 2, 2);
  bytes = bytes_of_file (fixture->path);
  at = png_find_chunk (bytes, "tRNS");
  g_assert_cmpint (bytes->data[at + 3], ==, sizeof expected);
  g_assert_cmpmem (bytes->data + at + 8, sizeof expected, expected, sizeof expected);
}

/* Every index with its colour and its transparency. */
static void
test_indexed (struct fixture *fixture, gconstpointer data)
{
  struct dino_error      error = { 0 };
  struct dino_output    *output = dino_output_new (fixture->path, &error);
  uint8_t                indexes[256], colors[256][4];
  g_autoptr (GByteArray) bytes = NULL;
  struct dino_picture   *picture;

  for (int i = 0; i < 256; i++)
    {
      indexes[i] = (uint8_t) (255 - i);
      colors[i][0] = (uint8_t) i;
      colors[i][1] = (uint8_t) (i ^ 0x55);
      colors[i][2] = (uint8_t) (3 * i);
      colors[i][3] = i == 100 ? 0 : 255;
    }
  g_assert_true (dino_png_write_indexed (output, indexes, 16, 16, colors[0], 256, &error));
  g_assert_true (dino_output_commit (output, &error));
  assert_mask (fixture, indexes, 16, 16);
  bytes = bytes_of_file (fixture->path);
  picture = dino_png_decode (bytes->data, bytes->len, fixture->path, &error);
  assert_no_error (&error);
  for (int i = 0; i < 256; i++)
    g_assert_cmpmem (picture->samples8 + 3 * i, 3, colors[255 - i], 3);
  dino_picture_unref (picture);
}

static void
test_indexed_refused (struct fixture *fixture, gconstpointer data)
{
  static const struct
  {
    int         width, height, n_colors;
    const char *part;
  } rows[] = {
    { 0, 1, 2, "0 × 1 pixels and 1 channels cannot be written as PNG" },
    { 2, -1, 2, "2 × -1 pixels" },
    { 2, 1, 0, "cannot be written as PNG" },
    { 2, 1, 257, "cannot be written as PNG" },
    { 2, 1, 1, "an index that its palette lacks" },
  };
  static const uint8_t indexes[] = { 0, 1 }, colors[2][4] = { { 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      struct dino_error   error = { 0 };
      struct dino_output *output = dino_output_new (fixture->path, &error);

      g_assert_false (dino_png_write_indexed (output, indexes, rows[i].width, rows[i].height, colors[0], rows[i].n_colors, &error));
      assert_error (&error, DINO_CODE_ARGUMENT, rows[i].part);
      dino_output_abort (output);
    }
  g_assert_cmpuint (count_entries (fixture->folder), ==, 0);
}

static guint
sample (guint x, guint y, guint c)
{
  return (x + y) & 1;
}

/* Indexes and greys as the file has them, of every depth; nothing else. */
static void
test_kinds (struct fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint       depth, color_type;
    const char *refusal;
  } rows[] = {
    { 1, 0, NULL },
    { 2, 0, NULL },
    { 4, 0, NULL },
    { 8, 0, NULL },
    { 1, 3, NULL },
    { 2, 3, NULL },
    { 4, 3, NULL },
    { 8, 3, NULL },
    { 8, 4, NULL },
    { 16, 0, "has 16 bits a pixel" },
    { 16, 4, "has 16 bits a pixel" },
    { 8, 2, "is in colour" },
    { 8, 6, "is in colour" },
    { 16, 2, "is in colour" },
  };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (rows); i++)
    {
      const guint            row = i / 2;
      struct png_description description = { .width = 5, .height = 3, .depth = rows[row].depth, .color_type = rows[row].color_type, .interlaced = i % 2, .sample = sample };
      struct dino_error      error = { 0 };
      g_autoptr (GByteArray) png = NULL;
      uint8_t               *values;
      int                    width, height;
      uint8_t                expected[15];

      description.n_colors = rows[row].color_type == 3 ? 2 : 0;
      png = png_build (&description);
      put_file (fixture->path, png->data, png->len);
      for (int k = 0; k < 15; k++)
        expected[k] = (uint8_t) sample ((guint) k % 5, (guint) k / 5, 0);
      if (rows[row].refusal == NULL)
        assert_mask (fixture, expected, 5, 3);
      else
        {
          g_assert_false (dino_mask_read (fixture->path, &values, &width, &height, &error));
          assert_error (&error, DINO_CODE_UNSUPPORTED, rows[row].refusal);
          g_assert_nonnull (strstr (error.message, fixture->path));
        }
    }
}

static void
test_no_mask (struct fixture *fixture, gconstpointer data)
{
  struct dino_error error = { 0 };
  uint8_t          *values;
  int               width, height;

  g_assert_false (dino_mask_read (fixture->path, &values, &width, &height, &error));
  assert_error (&error, DINO_CODE_IO, fixture->path);
  error = (struct dino_error){ 0 };
  put_file (fixture->path, "\xff\xd8\xff\xe0", 4);
  g_assert_false (dino_mask_read (fixture->path, &values, &width, &height, &error));
  assert_error (&error, DINO_CODE_UNSUPPORTED, "is no PNG");
  error = (struct dino_error){ 0 };
  put_file (fixture->path, "\x89PNG\r\n\x1a\n", 8);
  g_assert_false (dino_mask_read (fixture->path, &values, &width, &height, &error));
  assert_error (&error, DINO_CODE_FORMAT, "does not start with a whole header");
}

/* A square with a hole, and one pixel of another class. */
static struct dino_outlines *
make_outlines (void)
{
  static const uint8_t mask[] = {
    1, 1, 1, 0, //
    1, 0, 1, 0, //
    1, 1, 1, 2, //
  };
  struct dino_outlines *outlines = dino_outlines_new (mask, 4, 3, 1, 3, 0, NULL);

  g_assert_nonnull (outlines);
  return outlines;
}

static void
test_outlines (struct fixture *fixture, gconstpointer data)
{
  struct dino_outlines  *outlines = make_outlines ();
  struct dino_error      error = { 0 };
  struct dino_output    *output = dino_output_new (fixture->path, &error);
  g_autoptr (GByteArray) json = NULL;
  g_autoptr (GByteArray) svg = NULL;
  g_autofree char       *first_color = NULL;
  g_autofree char       *second_color = NULL;
  g_autofree char       *expected = NULL;
  const uint8_t         *first = fixture->classes.list[1].rgb, *second = fixture->classes.list[2].rgb;

  g_assert_true (dino_outlines_write_geojson (output, outlines, &fixture->classes, &error));
  g_assert_true (dino_output_commit (output, &error));
  json = bytes_of_file (fixture->path);
  g_byte_array_append (json, (const guint8 *) "", 1);
  g_assert_cmpstr ((const char *) json->data, ==,
                   "{\"type\":\"FeatureCollection\",\"features\":[\n"
                   "{\"type\":\"Feature\",\"properties\":{\"class\":\"l<u>&\\\"n\\\\g\\u000a\\u0001\",\"value\":7,\"area_pixels\":8},"
                   "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[3,0],[3,3],[0,3],[0,0],[3,0]],[[2,2],[2,1],[1,1],[1,2],[2,2]]]}},\n"
                   "{\"type\":\"Feature\",\"properties\":{\"class\":\"herz ü\",\"value\":3,\"area_pixels\":1},"
                   "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[4,2],[4,3],[3,3],[3,2],[4,2]]]}}\n"
                   "]}\n");

  output = dino_output_new (fixture->path, &error);
  g_assert_true (dino_outlines_write_svg (output, outlines, &fixture->classes, 4, 3, &error));
  g_assert_true (dino_output_commit (output, &error));
  svg = bytes_of_file (fixture->path);
  g_byte_array_append (svg, (const guint8 *) "", 1);
  first_color = g_strdup_printf ("#%02x%02x%02x", first[0], first[1], first[2]);
  second_color = g_strdup_printf ("#%02x%02x%02x", second[0], second[1], second[2]);
  expected = g_strconcat ("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"3\" viewBox=\"0 0 4 3\">\n"
                          "<path fill=\"",
                          first_color, "\" fill-opacity=\"0.5\" fill-rule=\"evenodd\" stroke=\"", first_color,
                          "\" d=\"M3 0L3 3L0 3L0 0ZM2 2L2 1L1 1L1 2Z\"><title>l&#60;u&#62;&#38;&#34;n\\g  </title></path>\n"
                          "<path fill=\"",
                          second_color, "\" fill-opacity=\"0.5\" fill-rule=\"evenodd\" stroke=\"", second_color,
                          "\" d=\"M4 2L4 3L3 3L3 2Z\"><title>herz ü</title></path>\n"
                          "</svg>\n",
                          NULL);
  g_assert_cmpstr ((const char *) svg->data, ==, expected);
  dino_outlines_free (outlines);
}

/* A disk that is full from the first byte on, or after some. */
static void
test_full (struct fixture *fixture, gconstpointer data)
{
  struct dino_outlines *outlines = make_outlines ();
  struct dino_error     error = { 0 };
  struct dino_output   *output = dino_output_new ("/dev/full", &error);
  bool                  written;

  g_assert_nonnull (output);
  written = dino_outlines_write_geojson (output, outlines, &fixture->classes, &error);
  if (written)
    written = dino_output_commit (output, &error);
  else
    dino_output_abort (output);
  g_assert_false (written);
  assert_error (&error, DINO_CODE_WRITE, "/dev/full");
  dino_outlines_free (outlines);
}

static void
test_formats (struct fixture *fixture, gconstpointer data)
{
  enum dino_outlines_format format = DINO_OUTLINES_SVG;

  g_assert_true (dino_outlines_format_of ("a.b/x.geojson", &format));
  g_assert_cmpint (format, ==, DINO_OUTLINES_GEOJSON);
  g_assert_true (dino_outlines_format_of ("x.SVG", &format));
  g_assert_cmpint (format, ==, DINO_OUTLINES_SVG);
  g_assert_true (dino_outlines_format_of ("x.Json", &format));
  g_assert_cmpint (format, ==, DINO_OUTLINES_GEOJSON);
  g_assert_false (dino_outlines_format_of ("svg", &format));
  g_assert_false (dino_outlines_format_of ("x.svgz", &format));
  g_assert_false (dino_outlines_format_of ("x.svg.png", &format));
}

#define ADD(name, function) g_test_add ("/masks/" name, struct fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("round", test_round);
  ADD ("palette", test_palette);
  ADD ("indexed", test_indexed);
  ADD ("indexed/refused", test_indexed_refused);
  ADD ("kinds", test_kinds);
  ADD ("no-mask", test_no_mask);
  ADD ("outlines", test_outlines);
  ADD ("full", test_full);
  ADD ("formats", test_formats);
  return g_test_run ();
}
