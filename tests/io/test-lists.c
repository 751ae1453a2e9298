/* Which line of a table tells of which picture, and whether a list has it. */
#include "io/table-match.h"
#include "io/training-list.h"

#include "io-support.h"

struct fixture
{
  char *folder, *path;
};

static void
set_up (struct fixture *fixture, gconstpointer data)
{
  fixture->folder = make_folder ();
  fixture->path = g_build_filename (fixture->folder, "list.csv", NULL);
}

static void
tear_down (struct fixture *fixture, gconstpointer data)
{
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static struct dino_table *
read_text (const struct fixture *fixture, const char *text)
{
  struct dino_error  error = { 0 };
  struct dino_table *table;

  put_file (fixture->path, text, strlen (text));
  table = dino_table_read (fixture->path, &error);
  assert_no_error (&error);
  return table;
}

static const char *
name_of (const void *data, size_t index)
{
  return ((const char *const *) data)[index];
}

static void
test_match (struct fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *name;
    gssize      row; /* -1: none */
  } rows[] = {
    { "a.png", 0 },         /* the field itself */
    { "x/y/a.png", 0 },     /* more folders than the field */
    { "d.png", 3 },         /* fewer folders than the field */
    { "s1/d.png", 3 },      /* some of them */
    { "p1/s1/d.png", 3 },   /* all of them */
    { "q/p1/s1/d.png", 3 }, /* more */
    { "1/d.png", -1 },      /* a folder is whole */
    { "e.png", -1 },        /* of two fields behind folders neither is it */
    { "s1/e.png", 5 },      /* but for the one */
    { "s2/e.png", 6 },      /* and the other */
    { "b.png", 1 },         /* without the ending */
    { "x/b.dcm", 1 },       /* without folders and ending */
    { "b", 1 },             /* a name without an ending */
    { "x/b", 1 },           /* behind a folder */
    { "c.old.png", 2 },     /* only the last ending goes */
    { "c.png", -1 },        /* and it does not grow */
    { "s9/f.png", 7 },      /* the field itself goes before others */
    { "f.png", 4 },         /* so here */
    { "g.png", -1 },        /* not there */
    { "zzz/zzz.zzz", -1 },  /* behind all */
    { "", -1 },             /* nothing is no name */
    { ".png", -1 },         /* nor is an ending */
    { "a.png/", -1 },       /* nor a folder */
    { "p1/s1/d", -1 },      /* folders of the field go with its ending */
  };
  struct dino_table *table = read_text (fixture, "n,file\n1,a.png\n2,b\n3,c.old\n4,p1/s1/d.png\n5,f.png\n6,s1/e.png\n7,s2/e.png\n8,s9/f.png\n9,\"\"\n10,\"\"\n");
  const char        *names[G_N_ELEMENTS (rows)];
  size_t             found[G_N_ELEMENTS (rows)];
  struct dino_error  error = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    names[i] = rows[i].name;
  g_assert_true (dino_table_match (table, NULL, name_of, names, G_N_ELEMENTS (rows), found, &error));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].name);
      g_assert_cmpint ((gssize) found[i], ==, rows[i].row);
    }
  dino_table_free (table);
}

/* Against a search through all fields, with many that end alike. */
static void
test_match_random (struct fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand)     random = g_rand_new_with_seed (7);
  g_autoptr (GString)   text = g_string_new ("name\n");
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (g_free);
  struct dino_table    *table;

  while (fields->len < 300)
    {
      char *field = g_strdup_printf ("%s%c%c%s", (const char *[]){ "", "a/", "b/", "a/b/", "b/a/", "aa/" }[g_rand_int_range (random, 0, 6)],
                                     'a' + g_rand_int_range (random, 0, 9), 'a' + g_rand_int_range (random, 0, 9), g_rand_boolean (random) ? ".x" : "");

      if (g_ptr_array_find_with_equal_func (fields, field, g_str_equal, NULL))
        {
          g_free (field);
          continue;
        }
      g_string_append_printf (text, "%s\n", field);
      g_ptr_array_add (fields, field);
    }
  table = read_text (fixture, text->str);
  for (char first = 'a'; first < 'k'; first++)
    for (char second = 'a'; second < 'k'; second++)
      {
        const char *name = (const char[]){ first, second, '.', 'x', '\0' };
        size_t      row, exact = DINO_TABLE_NO_ROW, longer = DINO_TABLE_NO_ROW, stem = DINO_TABLE_NO_ROW, n_longer = 0;

        for (guint i = 0; i < fields->len; i++)
          {
            const char      *field = g_ptr_array_index (fields, i);
            g_autofree char *behind = g_strconcat ("/", name, NULL);

            if (strcmp (field, name) == 0)
              exact = i;
            if (g_str_has_suffix (field, behind))
              {
                longer = i;
                n_longer++;
              }
            if (strlen (field) == 2 && strncmp (field, name, 2) == 0)
              stem = i;
          }
        g_assert_true (dino_table_match (table, "name", name_of, &name, 1, &row, NULL));
        g_assert_cmpuint (row, ==, exact != DINO_TABLE_NO_ROW ? exact : n_longer == 1 ? longer
                                                                                      : stem);
      }
  dino_table_free (table);
}

static void
test_match_columns (struct fixture *fixture, gconstpointer data)
{
  static const char *const heads[] = { "name,file", "file,filename", "filename,image", "image,Image Index", "Image Index,dicom_id", "dicom_id,path", "path,x" };
  const char              *name = "a";
  struct dino_error        error = { 0 };
  struct dino_table       *table;
  size_t                   row = 0;

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      g_autofree char *text = g_strdup_printf ("other,%s\na,b,c\nb,a,c\nc,c,a\n", heads[i]);

      table = read_text (fixture, text);
      g_assert_cmpint (dino_table_match_column (table, NULL), ==, 1);
      g_assert_true (dino_table_match (table, NULL, name_of, &name, 1, &row, NULL));
      g_assert_cmpuint (row, ==, 1);
      g_assert_true (dino_table_match (table, "other", name_of, &name, 1, &row, NULL));
      g_assert_cmpuint (row, ==, 0);
      dino_table_free (table);
    }
  table = read_text (fixture, "x,y\na,b\na,c\n");
  g_assert_cmpint (dino_table_match_column (table, NULL), ==, -1);
  g_assert_cmpint (dino_table_match_column (table, "name"), ==, -1);
  g_assert_false (dino_table_match (table, NULL, name_of, &name, 1, &row, &error));
  assert_error (&error, DINO_CODE_FORMAT, "no column “name”");
  error = (struct dino_error){ 0 };
  g_assert_false (dino_table_match (table, "file", name_of, &name, 1, &row, &error));
  assert_error (&error, DINO_CODE_FORMAT, "no column “file”");
  error = (struct dino_error){ 0 };
  g_assert_false (dino_table_match (table, "x", name_of, &name, 1, &row, &error));
  assert_error (&error, DINO_CODE_FORMAT, "line 3, column “x”: another line has the same");
  dino_table_free (table);
  table = read_text (fixture, "name\n");
  g_assert_true (dino_table_match (table, NULL, name_of, &name, 1, &row, NULL));
  g_assert_true (row == DINO_TABLE_NO_ROW);
  dino_table_free (table);
}

static struct dino_training_list *
read_list (const struct fixture *fixture, const char *text)
{
  struct dino_error          error = { 0 };
  struct dino_training_list *list;

  put_file (fixture->path, text, strlen (text));
  list = dino_training_list_read (fixture->path, &error);
  assert_no_error (&error);
  return list;
}

static void
test_training (struct fixture *fixture, gconstpointer data)
{
  static const char *const   there[] = { "first.jpg", "a/first.jpg", "00000001_000.png", "x/00000001_000.dcm", "00000001_000", "patient1/view1_frontal.jpg", "view1_frontal.dcm", "7.png", "set", "long.name.x" };
  static const char *const   missing[] = { "first.png", "00000001_001.png", "7.jpg", "7", "", "view1", "patient1", "0000001_000.png", "00000001_0000.png", "long" };
  struct dino_training_list *list = read_list (fixture, "first.jpg,set\nd/00000001_000.png,train\npatient1/view1_frontal.jpg,\n7.png,test\nlong.name.y,test\n");
  struct dino_error          error = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (there); i++)
    {
      g_test_message ("%s", there[i]);
      g_assert_true (dino_training_list_has (list, there[i]));
    }
  for (guint i = 0; i < G_N_ELEMENTS (missing); i++)
    {
      g_test_message ("%s", missing[i]);
      g_assert_false (dino_training_list_has (list, missing[i]));
    }
  dino_training_list_free (list);

  /* One name alone is a list. */
  list = read_list (fixture, "00000001_000.png\n");
  g_assert_true (dino_training_list_has (list, "00000001_000.png"));
  g_assert_false (dino_training_list_has (list, "00000002_000.png"));
  dino_training_list_free (list);

  g_assert_null (dino_training_list_read ("/nonexistent/list", &error));
  assert_error (&error, DINO_CODE_IO, "/nonexistent/list");
  error = (struct dino_error){ 0 };
  put_file (fixture->path, "a,b\nc\n", 6);
  g_assert_null (dino_training_list_read (fixture->path, &error));
  assert_error (&error, DINO_CODE_FORMAT, "line 2");
  dino_training_list_free (NULL);
}

#define ADD(name, function) g_test_add ("/lists/" name, struct fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("match", test_match);
  ADD ("match/random", test_match_random);
  ADD ("match/columns", test_match_columns);
  ADD ("training", test_training);
  return g_test_run ();
}
