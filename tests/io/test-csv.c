/* Boxes from CSV. */
#include "io/csv.h"

#include "io-support.h"

struct fixture
{
  char *folder, *path;
};

static void
set_up (struct fixture *fixture, gconstpointer data)
{
  fixture->folder = make_folder ();
  fixture->path = g_build_filename (fixture->folder, "boxes.csv", NULL);
}

static void
tear_down (struct fixture *fixture, gconstpointer data)
{
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static bool
read_boxes (const struct fixture *fixture, const char *text, struct dino_named_box **boxes, size_t *n, struct dino_error *error)
{
  put_file (fixture->path, text, strlen (text));
  return dino_boxes_read (fixture->path, boxes, n, error);
}

static void
assert_box (const struct dino_named_box *box, const char *label, double x0, double y0, double x1, double y1)
{
  g_assert_cmpstr (box->label, ==, label);
  g_assert_cmpfloat (box->box.x0, ==, x0);
  g_assert_cmpfloat (box->box.y0, ==, y0);
  g_assert_cmpfloat (box->box.x1, ==, x1);
  g_assert_cmpfloat (box->box.y1, ==, y1);
}

static void
test_read (struct fixture *fixture, gconstpointer data)
{
  static const char *const texts[] = {
    "10,20,30.5,40\n1,2,3,4",
    "\357\273\27710,20,30.5,40\r\n\r\n1,2,3,4\r\n",
    "x0,y0,x1,y1\n10,20,30.5,40\n1,2,3,4\n",
    "y1,x1,comment,y0,x0\n40,30.5,\"a, b\",20,10\n4,3,,2,1\n",
    "x,y,width,height\n10,20,20.5,20\n1,2,2,2\n",
    " 10 , 20 ,\t30.5, 40 \n1,2,3,4\n",
    "\"10\",\"20\",\"30.5\",\"40\"\n1,2,3,4,and more\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      struct dino_error      error = { 0 };
      struct dino_named_box *boxes = NULL;
      size_t                 n = 0;

      g_assert_true (read_boxes (fixture, texts[i], &boxes, &n, &error));
      g_assert_cmpuint (n, ==, 2);
      assert_box (&boxes[0], "", 10, 20, 30.5, 40);
      assert_box (&boxes[1], "", 1, 2, 3, 4);
      dino_boxes_free (boxes, n);
    }
}

static void
test_labels (struct fixture *fixture, gconstpointer data)
{
  struct dino_error      error = { 0 };
  struct dino_named_box *boxes = NULL;
  size_t                 n = 0;

  g_assert_true (read_boxes (fixture, "nodule,1,2,3,4\n\"a \"\"b\"\", c\",-1,-2,3e1,4\n", &boxes, &n, &error));
  g_assert_cmpuint (n, ==, 2);
  assert_box (&boxes[0], "nodule", 1, 2, 3, 4);
  assert_box (&boxes[1], "a \"b\", c", -1, -2, 30, 4);
  dino_boxes_free (boxes, n);

  g_assert_true (read_boxes (fixture, "x0,y0,x1,y1,label\n1,2,3,4,effusion\n", &boxes, &n, &error));
  assert_box (&boxes[0], "effusion", 1, 2, 3, 4);
  dino_boxes_free (boxes, n);
}

static void
test_shapes (struct fixture *fixture, gconstpointer data)
{
  struct dino_error      error = { 0 };
  struct dino_named_box *boxes = NULL;
  size_t                 n = 0;

  g_assert_true (read_boxes (fixture, "shape,x,y,width,height\nellipse,1,2,3,4\nbox,1,2,3,4\n,1,2,3,4\n", &boxes, &n, &error));
  g_assert_cmpuint (n, ==, 3);
  assert_box (&boxes[0], "", 1, 2, 4, 6);
  g_assert_cmpint (boxes[0].shape, ==, DINO_SHAPE_ELLIPSE);
  g_assert_cmpint (boxes[1].shape, ==, DINO_SHAPE_BOX);
  g_assert_cmpint (boxes[2].shape, ==, DINO_SHAPE_BOX);
  dino_boxes_free (boxes, n);

  /* Lines may end before it. */
  g_assert_true (read_boxes (fixture, "x0,y0,x1,y1,shape\n1,2,3,4\n1,2,3,4,ellipse\n", &boxes, &n, &error));
  g_assert_cmpint (boxes[0].shape, ==, DINO_SHAPE_BOX);
  g_assert_cmpint (boxes[1].shape, ==, DINO_SHAPE_ELLIPSE);
  dino_boxes_free (boxes, n);
}

static void
test_write (struct fixture *fixture, gconstpointer data)
{
  const struct dino_named_box written[] = {
    { (char *) "a \"b\", c\nd", DINO_SHAPE_ELLIPSE, { 0.1, -2, 1e9 / 3, 4e-5 } },
    { (char *) "", DINO_SHAPE_BOX, { 1, 2, 3, 4 } },
    { (char *) "=1+1", DINO_SHAPE_BOX, { 1, 2, 3, 4 } },
  };
  struct dino_error      error = { 0 };
  struct dino_named_box *boxes = NULL;
  size_t                 n = 0;

  g_assert_true (dino_boxes_write (fixture->path, written, G_N_ELEMENTS (written), &error));
  g_assert_true (dino_boxes_read (fixture->path, &boxes, &n, &error));
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (written));
  for (size_t i = 0; i < n; i++)
    {
      assert_box (&boxes[i], written[i].label, written[i].box.x0, written[i].box.y0, written[i].box.x1, written[i].box.y1);
      g_assert_cmpint (boxes[i].shape, ==, written[i].shape);
    }
  dino_boxes_free (boxes, n);

  g_assert_false (dino_boxes_write (fixture->folder, written, 1, &error));
  g_assert_nonnull (strstr (error.message, fixture->folder));
}

static void
test_many (struct fixture *fixture, gconstpointer data)
{
  struct dino_error      error = { 0 };
  struct dino_named_box *boxes = NULL;
  size_t                 n = 0;
  g_autoptr (GString)    text = g_string_new (NULL);

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (text, "box %u,%u,0,%u,1\n", i, i, i + 1);
  g_assert_true (read_boxes (fixture, text->str, &boxes, &n, &error));
  g_assert_cmpuint (n, ==, 1000);
  assert_box (&boxes[999], "box 999", 999, 0, 1000, 1);
  dino_boxes_free (boxes, n);

  g_assert_true (read_boxes (fixture, "", &boxes, &n, &error));
  g_assert_cmpuint (n, ==, 0);
  dino_boxes_free (boxes, n);
}

static void
test_refused (struct fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *text, *part;
  } rows[] = {
    { "hello\n1,2,3,4\n", "line 1" },
    { "x0,y0,x1\n", "header" },
    { "1,2,3,4\n1,2,3\n", "line 2" },
    { "1,2,3,4\na,b,c,d\n", "four numbers" },
    { "3,2,1,4\n", "empty" },
    { "1,4,3,4\n", "empty" },
    { "x,y,width,height\n1,2,-3,4\n", "line 2" },
    { "1,2,3,nan\n", "line 1" },
    { "1,2,3,1e999\n", "line 1" },
    { "\"label,1,2,3,4\n", "not closed" },
    { "\"label\"x,1,2,3,4\n", "quoted" },
    { "x0,y0,x1,y1,shape\n1,2,3,4,box\n1,2,3,4,star\n", "line 3: the shape must be box or ellipse" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      struct dino_error      error = { 0 };
      struct dino_named_box *boxes = NULL;
      size_t                 n = 0;

      g_test_message ("%s", rows[i].text);
      g_assert_false (read_boxes (fixture, rows[i].text, &boxes, &n, &error));
      g_assert_nonnull (strstr (error.message, fixture->path));
      assert_error (&error, DINO_CODE_FORMAT, rows[i].part);
    }
}

static void
test_random (struct fixture *fixture, gconstpointer data)
{
  static const char alphabet[] = "0123456789,,,,\n\n\"\" \r.-exywidthlabel";
  g_autoptr (GRand) random = g_rand_new_with_seed (11);

  for (guint i = 0; i < 500; i++)
    {
      char                   text[81] = "";
      gint                   length = g_rand_int_range (random, 0, 80);
      struct dino_error      error = { 0 };
      struct dino_named_box *boxes = NULL;
      size_t                 n = 0;
      bool                   complete;

      for (gint j = 0; j < length; j++)
        text[j] = alphabet[g_rand_int_range (random, 0, sizeof alphabet - 1)];
      complete = read_boxes (fixture, text, &boxes, &n, &error);
      g_assert_true (complete == (error.code == DINO_CODE_NONE));
      dino_boxes_free (boxes, n);
    }
}

#define ADD(name, function) g_test_add ("/csv/" name, struct fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("read", test_read);
  ADD ("labels", test_labels);
  ADD ("shapes", test_shapes);
  ADD ("write", test_write);
  ADD ("many", test_many);
  ADD ("refused", test_refused);
  ADD ("random", test_random);
  return g_test_run ();
}
