/* Tables by the names of their columns. */
#include "io/table.h"

#include "io-support.h"

struct fixture
{
  char *folder, *path;
};

static void
set_up (struct fixture *fixture, gconstpointer data)
{
  fixture->folder = make_folder ();
  fixture->path = g_build_filename (fixture->folder, "table", NULL);
}

static void
tear_down (struct fixture *fixture, gconstpointer data)
{
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static struct dino_table *
read_text (const struct fixture *fixture, const char *text, struct dino_error *error)
{
  put_file (fixture->path, text, strlen (text));
  return dino_table_read (fixture->path, error);
}

/* The same table in many spellings: name, age, note. */
static void
test_read (struct fixture *fixture, gconstpointer data)
{
  static const char *const texts[] = {
    "name,age,note\na.png,61,\"x, y\"\nb.png,,ü\n",
    "name\tage\tnote\na.png\t61\tx, y\nb.png\t\tü\n",
    "\357\273\277name,age,note\r\na.png,61,\"x, y\"\r\nb.png,,ü",
    "\n\nname,age,note\n\r\na.png,61,\"x, y\"\n\n\"b.png\",\"\",\"ü\"\n\n",
    "\"name\"\t\"age\"\tnote\na.png\t\"61\"\tx, y\n\"b.png\"\t\tü\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      struct dino_error  error = { 0 };
      struct dino_table *table = read_text (fixture, texts[i], &error);

      assert_no_error (&error);
      g_assert_cmpuint (dino_table_n_rows (table), ==, 2);
      g_assert_cmpint (dino_table_n_columns (table), ==, 3);
      g_assert_cmpint (dino_table_find (table, "note"), ==, 2);
      g_assert_cmpint (dino_table_find (table, "Note"), ==, -1);
      g_assert_cmpstr (dino_table_column_name (table, 1), ==, "age");
      g_assert_cmpstr (dino_table_get (table, 0, 0), ==, "a.png");
      g_assert_cmpstr (dino_table_get (table, 0, 2), ==, "x, y");
      g_assert_cmpstr (dino_table_get (table, 1, 0), ==, "b.png");
      g_assert_cmpstr (dino_table_get (table, 1, 1), ==, "");
      g_assert_cmpstr (dino_table_get (table, 1, 2), ==, "ü");
      dino_table_free (table);
    }
}

static void
test_lines (struct fixture *fixture, gconstpointer data)
{
  struct dino_error  error = { 0 };
  struct dino_table *table = read_text (fixture, "a,b\n\"1\n2\r\n3\",\"\"\"q\"\"\"\n\n4, 5 \n", &error);
  double             number = 0;

  assert_no_error (&error);
  g_assert_cmpstr (dino_table_get (table, 0, 0), ==, "1\n2\r\n3");
  g_assert_cmpstr (dino_table_get (table, 0, 1), ==, "\"q\"");
  g_assert_cmpuint (dino_table_line (table, 0), ==, 2);
  g_assert_cmpuint (dino_table_line (table, 1), ==, 6);
  g_assert_cmpstr (dino_table_get (table, 1, 1), ==, " 5 ");
  g_assert_true (dino_table_get_double (table, 1, 1, &number, &error));
  g_assert_cmpfloat (number, ==, 5);
  g_assert_false (dino_table_get_double (table, 0, 1, &number, &error));
  assert_error (&error, DINO_CODE_FORMAT, "line 2, column “b”: this is not a number");
  dino_table_free (table);
}

/* The separator stands in the first line, which may have others, and line breaks, between quotation marks. */
static void
test_separator (struct fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *text, *first, *second;
  } rows[] = {
    { "\"a\nb\"\tc\n1\t2\n", "a\nb", "c" },
    { "\"a\tb\",c\n1,2\n", "a\tb", "c" },
    { "\"a,b\"\tc\n1\t2\n", "a,b", "c" },
    { "a,b\n1,2\n", "a", "b" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      struct dino_error  error = { 0 };
      struct dino_table *table = read_text (fixture, rows[i].text, &error);

      assert_no_error (&error);
      g_assert_cmpint (dino_table_n_columns (table), ==, 2);
      g_assert_cmpstr (dino_table_column_name (table, 0), ==, rows[i].first);
      g_assert_cmpstr (dino_table_column_name (table, 1), ==, rows[i].second);
      g_assert_cmpstr (dino_table_get (table, 0, 1), ==, "2");
      dino_table_free (table);
    }
}

static void
test_numbers (struct fixture *fixture, gconstpointer data)
{
  static const char *const bad[] = { "", "-1", "1.5", "101", "99999999999999999999999", "1 ", "x" };
  struct dino_error        error = { 0 };
  struct dino_table       *table = read_text (fixture, "n,x\n100,0\n", &error);
  size_t                   size = 0;
  int                      column = 0;

  g_assert_true (dino_table_get_size (table, 0, 0, 100, &size, &error));
  g_assert_cmpuint (size, ==, 100);
  g_assert_false (dino_table_need (table, "age", &column, &error));
  assert_error (&error, DINO_CODE_FORMAT, "no column “age”; its columns are: n, x.");
  dino_table_free (table);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      struct dino_error refused = { 0 };
      g_autofree char  *text = g_strdup_printf ("n,x\n%s,0\n", bad[i]);

      table = read_text (fixture, text, &refused);
      g_assert_false (dino_table_get_size (table, 0, 0, 100, &size, &refused));
      assert_error (&refused, DINO_CODE_FORMAT, "line 2, column “n”");
      dino_table_free (table);
    }
}

static void
test_refused (struct fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *text, *part;
  } rows[] = {
    { "", "line 1: there is no line that names the columns" },
    { "\n\n", "line 3: there is no line" },
    { "a,b\n1,2\n3\n", "line 3: there are 1 fields; the first line names 2" },
    { "a,b\n1,2,3\n", "line 2: there are 3 fields" },
    { "a,b\n\"1,2\n3,4\n", "not closed" },
    { "a,b\n\"1\"x,2\n", "line 2: something follows a quoted field" },
    { "a,b,a\n1,2,3\n", "two columns are named “a”" },
    { "a,b\n1,\xff\n", "line 2: this is not text in UTF-8" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      struct dino_error error = { 0 };

      g_assert_null (read_text (fixture, rows[i].text, &error));
      g_assert_nonnull (strstr (error.message, fixture->path));
      assert_error (&error, DINO_CODE_FORMAT, rows[i].part);
    }
}

static void
test_limits (struct fixture *fixture, gconstpointer data)
{
  struct dino_error   error = { 0 };
  g_autoptr (GString) text = g_string_new ("c0");
  struct dino_table  *table;

  for (guint i = 1; i < DINO_TABLE_MAX_COLUMNS; i++)
    g_string_append_printf (text, ",c%u", i);
  table = read_text (fixture, text->str, &error);
  assert_no_error (&error);
  g_assert_cmpint (dino_table_n_columns (table), ==, DINO_TABLE_MAX_COLUMNS);
  g_assert_cmpuint (dino_table_n_rows (table), ==, 0);
  dino_table_free (table);
  g_string_append (text, ",more");
  g_assert_null (read_text (fixture, text->str, &error));
  assert_error (&error, DINO_CODE_FORMAT, "too many columns");

  error = (struct dino_error){ 0 };
  put_file (fixture->path, "a\0b\n", 4);
  g_assert_null (dino_table_read (fixture->path, &error));
  assert_error (&error, DINO_CODE_FORMAT, "UTF-8");
}

static void
test_write (struct fixture *fixture, gconstpointer data)
{
  static const char *const fields[] = { "plain", "", "a\tb", "a\nb", "\"q\"", "ü, \\", "a\rb", " x " };
  struct dino_error        error = { 0 };
  struct dino_output      *output = dino_output_new (fixture->path, &error);
  struct dino_table       *table;

  g_assert_true (dino_table_write_field (output, "one", '\t', &error));
  g_assert_true (dino_table_write_field (output, "two", '\n', &error));
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_assert_true (dino_table_write_field (output, fields[i], '\t', &error));
      g_assert_true (dino_table_write_field (output, "x", '\n', &error));
    }
  g_assert_true (dino_table_write_field (output, "a\xff\x80\"b", '\t', &error));
  g_assert_true (dino_table_write_field (output, "\xc3", '\n', &error));
  g_assert_true (dino_output_commit (output, &error));
  table = dino_table_read (fixture->path, &error);
  assert_no_error (&error);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_assert_cmpstr (dino_table_get (table, i, 0), ==, fields[i]);
  g_assert_cmpstr (dino_table_get (table, G_N_ELEMENTS (fields), 0), ==, "a\\xff\\x80\"b");
  g_assert_cmpstr (dino_table_get (table, G_N_ELEMENTS (fields), 1), ==, "\\xc3");
  dino_table_free (table);
}

static void
test_random (struct fixture *fixture, gconstpointer data)
{
  static const char alphabet[] = "ab,,,\t\n\n\"\"\r \303\274\377";
  g_autoptr (GRand) random = g_rand_new_with_seed (11);

  for (guint i = 0; i < 2000; i++)
    {
      char               text[61] = "";
      gint               length = g_rand_int_range (random, 0, 60);
      struct dino_error  error = { 0 };
      struct dino_table *table;

      for (gint j = 0; j < length; j++)
        text[j] = alphabet[g_rand_int_range (random, 0, sizeof alphabet - 1)];
      table = read_text (fixture, text, &error);
      g_assert_true ((table != NULL) == (error.code == DINO_CODE_NONE));
      for (size_t row = 0; table != NULL && row < dino_table_n_rows (table); row++)
        for (int column = 0; column < dino_table_n_columns (table); column++)
          g_assert_cmpuint (strlen (dino_table_get (table, row, column)), <=, 60);
      dino_table_free (table);
    }
}

#define ADD(name, function) g_test_add ("/table/" name, struct fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("read", test_read);
  ADD ("lines", test_lines);
  ADD ("separator", test_separator);
  ADD ("numbers", test_numbers);
  ADD ("refused", test_refused);
  ADD ("limits", test_limits);
  ADD ("write", test_write);
  ADD ("random", test_random);
  return g_test_run ();
}
