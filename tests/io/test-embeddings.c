/* Folders that embed wrote. */
#include "core/base/sha256.h"
#include "io/embeddings.h"

#include "io/npy.h"

#include "io-support.h"
#include "in-valgrind.h"

#define JSON                                                                                                     \
  "{\"schema\": \"dinoscope-embeddings\", \"version\": 1, \"model\": {\"name\": \"tiny\", \"sha256\": \"ab\"}, " \
  "\"precision\": \"fp32\", \"isa\": \"avx2\", \"preparation\": {\"fit\": \"crop\", \"exif\": \"applied\"}, "    \
  "\"counts\": {\"inputs\": 3, \"embedded\": 2, \"failed\": 1}, \"shard\": {\"index\": 0, \"count\": 1}}"
#define SCHEMA "{\"schema\": \"dinoscope-embeddings\", \"version\": 1, "
#define MODEL "\"model\": {\"name\": \"x\", \"sha256\": \"ab\"}, \"preparation\": {}"
#define HEADER "index\trow\tname\tpixels_sha256\twidth\theight\tview\tstatus\terror\n"
#define TABLE                            \
  HEADER                                 \
  "0\t0\ta.png\taa\t10\t20\tPA\tok\t\n"  \
  "1\t\tb.png\t\t\t\t\tfailed\tbroken\n" \
  "2\t1\tc.png\tcc\t30\t40\t\tok\t\n"

struct fixture
{
  char *folder;
};

static void
put (const struct fixture *fixture, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  put_file (path, text, strlen (text));
}

static void
put_matrix (const struct fixture *fixture, const char *name, size_t a, size_t b, size_t c)
{
  const size_t        shape[] = { a, b, c };
  struct dino_error   error = { 0 };
  g_autofree char    *path = g_build_filename (fixture->folder, name, NULL);
  struct dino_output *output = dino_output_new (path, &error);
  float               values[64];

  for (int i = 0; i < 64; i++)
    values[i] = (float) i;
  g_assert_true (dino_npy_write (output, values, shape, c > 0 ? 3 : 2, false, &error));
  g_assert_true (dino_output_commit (output, &error));
}

static void
set_up (struct fixture *fixture, gconstpointer data)
{
  fixture->folder = make_folder ();
  put (fixture, "embed.json", JSON);
  put (fixture, "table.tsv", TABLE);
  put_matrix (fixture, "cls.npy", 2, 4, 0);
  put_matrix (fixture, "mean.npy", 2, 4, 0);
}

static void
tear_down (struct fixture *fixture, gconstpointer data)
{
  remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static void
test_open (struct fixture *fixture, gconstpointer data)
{
  struct dino_error       error = { 0 };
  struct dino_embeddings *embeddings = dino_embeddings_open (fixture->folder, &error);
  float                   row[4];
  size_t                  found = 9;

  assert_no_error (&error);
  g_assert_cmpuint (dino_embeddings_n_rows (embeddings), ==, 2);
  g_assert_cmpuint (dino_embeddings_n_channels (embeddings), ==, 4);
  g_assert_cmpuint (dino_table_n_rows (dino_embeddings_table (embeddings)), ==, 3);
  g_assert_cmpuint (dino_embeddings_table_row (embeddings, 1), ==, 2);
  g_assert_cmpstr (dino_embeddings_name (embeddings, 1), ==, "c.png");
  g_assert_cmpstr (dino_embeddings_pixels_sha256 (embeddings, 1), ==, "cc");
  g_assert_cmpstr (dino_embeddings_view (embeddings, 0), ==, "PA");
  g_assert_cmpstr (dino_embeddings_origin (embeddings)->model_name, ==, "tiny");
  g_assert_cmpstr (dino_embeddings_origin (embeddings)->preparation, ==, "{\"exif\": \"applied\", \"fit\": \"crop\"}");
  g_assert_null (dino_embeddings_matrix (embeddings, DINO_EMBEDDING_PATCHES));
  dino_matrix_file_row (dino_embeddings_matrix (embeddings, DINO_EMBEDDING_CLS), 1, row);
  g_assert_cmpfloat (row[3], ==, 7);
  g_assert_true (dino_embeddings_find (embeddings, "cc", &found));
  g_assert_cmpuint (found, ==, 1);
  g_assert_false (dino_embeddings_find (embeddings, "dd", &found));
  dino_embeddings_free (embeddings);
}

static void
test_patches (struct fixture *fixture, gconstpointer data)
{
  struct dino_error       error = { 0 };
  struct dino_embeddings *embeddings;

  put_matrix (fixture, "patches.npy", 2, 3, 4);
  embeddings = dino_embeddings_open (fixture->folder, &error);
  assert_no_error (&error);
  g_assert_cmpuint (dino_matrix_file_n_tokens (dino_embeddings_matrix (embeddings, DINO_EMBEDDING_PATCHES)), ==, 3);
  g_assert_cmpuint (dino_embeddings_grid_columns (embeddings), ==, 0);
  dino_embeddings_free (embeddings);

  /* The grid's rows are full. */
  for (int columns = 2; columns <= 3; columns++)
    {
      g_autofree char *text = g_strdup_printf ("%.*s, \"grid_columns\": %d}", (int) strlen (JSON) - 1, JSON, columns);

      put (fixture, "embed.json", text);
      embeddings = dino_embeddings_open (fixture->folder, &error);
      if (columns == 2)
        {
          g_assert_null (embeddings);
          assert_error (&error, DINO_CODE_FORMAT, "embed.json” is damaged");
          error = (struct dino_error){ 0 };
          continue;
        }
      assert_no_error (&error);
      g_assert_cmpuint (dino_embeddings_grid_columns (embeddings), ==, 3);
      dino_embeddings_free (embeddings);
    }
}

static void
test_texts_refused (struct fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *name, *text, *part;
  } rows[] = {
    { "embed.json", "{}", "does not describe" },
    { "embed.json", "{\"schema\": \"dinoscope-embeddings\", \"version\": 2}", "newer version" },
    { "embed.json", "{\"schema\": \"dinoscope-embeddings\", \"version\": 1}", "does not say what" },
    { "embed.json", "{\"schema\": 1}", "schema" },
    { "embed.json", "{\"schema\": \"dinoscope-embeddings\", \"version\": \"1\"}", "version" },
    { "embed.json", SCHEMA "\"model\": 1}", "does not say what" },
    { "embed.json", SCHEMA "\"model\": {}}", "does not say what" },
    { "embed.json", SCHEMA "\"model\": {}, \"preparation\": {}}", "has no “name”" },
    { "embed.json", SCHEMA "\"model\": {\"name\": 1}, \"preparation\": {}}", "name" },
    { "embed.json", SCHEMA "\"model\": {\"name\": \"x\"}, \"preparation\": {}}", "has no “sha256”" },
    { "embed.json", SCHEMA MODEL "}", "has no “precision”" },
    { "embed.json", SCHEMA MODEL ", \"precision\": \"fp32\"}", "has no “isa”" },
    { "embed.json", SCHEMA MODEL ", \"precision\": \"fp32\", \"isa\": \"avx2\", \"calibration\": 1}", "calibration" },
    { "embed.json", SCHEMA MODEL ", \"precision\": \"fp32\", \"isa\": \"avx2\", \"grid_columns\": 0}", "grid_columns" },
    { "embed.json", SCHEMA MODEL ", \"precision\": \"fp32\", \"isa\": \"avx2\"}", "the number of pictures differs" },
    { "embed.json", SCHEMA MODEL ", \"precision\": \"fp32\", \"isa\": \"avx2\", \"counts\": {\"embedded\": 3}}", "the number of pictures differs" },
    { "table.tsv", "row\tname\n", "no column “pixels_sha256”" },
    { "table.tsv", HEADER "0\t0\ta\taa\t1\t2\t\tok\t\n", "has 2 rows, and" },
    { "table.tsv", HEADER "0\t1\ta\taa\t1\t2\t\tok\t\n1\t0\tb\tbb\t1\t2\t\tok\t\n", "line 2, column “row”: the rows" },
    { "table.tsv", HEADER "0\t0\ta\taa\t1\t2\t\tfailed\tx\n", "line 2, column “row”" },
    { "table.tsv", HEADER "0\t\ta\taa\t1\t2\t\tok\t\n", "line 2, column “row”" },
    { "table.tsv", TABLE "3\t2\td\tdd\t1\t2\t\tok\t\n", "line 5, column “row”" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      struct dino_error error = { 0 };

      put (fixture, "embed.json", JSON);
      put (fixture, "table.tsv", TABLE);
      put (fixture, rows[i].name, rows[i].text);
      g_assert_null (dino_embeddings_open (fixture->folder, &error));
      g_assert_nonnull (strstr (error.message, rows[i].part));
      g_assert_nonnull (strstr (error.message, fixture->folder));
    }
}

static void
test_matrices_refused (struct fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *name;
    size_t      a, b, c;
    const char *part;
  } rows[] = {
    { "mean.npy", 3, 4, 0, "not of the same pictures" },
    { "mean.npy", 2, 5, 0, "not of the same pictures" },
    { "mean.npy", 2, 2, 4, "3 dimensions" },
    { "patches.npy", 2, 4, 0, "2 dimensions" },
    { "patches.npy", 1, 3, 4, "not of the same pictures" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      struct dino_error error = { 0 };

      put_matrix (fixture, "mean.npy", 2, 4, 0);
      put_matrix (fixture, rows[i].name, rows[i].a, rows[i].b, rows[i].c);
      g_assert_null (dino_embeddings_open (fixture->folder, &error));
      assert_error (&error, DINO_CODE_FORMAT, rows[i].part);
    }
}

static void
test_missing (struct fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "embed.json", "table.tsv", "cls.npy", "mean.npy" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      struct dino_error error = { 0 };
      g_autofree char  *path = g_build_filename (fixture->folder, names[i], NULL);
      g_autofree char  *away = g_strconcat (path, ".away", NULL);

      g_assert_cmpint (g_rename (path, away), ==, 0);
      g_assert_null (dino_embeddings_open (fixture->folder, &error));
      assert_error (&error, DINO_CODE_IO, names[i]);
      g_assert_cmpint (g_rename (away, path), ==, 0);
    }
}

static void
test_origin (struct fixture *fixture, gconstpointer data)
{
  const struct dino_embeddings_origin a = { "x", "aa", "fp32", "avx2", "", "{}" };
  struct dino_embeddings_origin       b = a;
  struct dino_error                   error = { 0 };

  b.model_name = "y";
  g_assert_true (dino_embeddings_origin_equal (&a, "one", &b, "two", &error));
  b.precision = "int8";
  g_assert_false (dino_embeddings_origin_equal (&a, "one", &b, "two", &error));
  assert_error (&error, DINO_CODE_ARGUMENT, "“one” and “two” cannot go together: the precision differs (fp32, int8)");
}

/* embed.json with the hashes of table.tsv and cls.npy. */
static void
put_hashes (const struct fixture *fixture, const char *table, const char *cls)
{
  g_autofree char *text = g_strdup_printf ("%.*s, \"files\": {\"table.tsv\": \"%s\"%s%s%s}}", (int) strlen (JSON) - 1, JSON, table, cls != NULL ? ", \"cls.npy\": \"" : "", cls != NULL ? cls : "", cls != NULL ? "\"" : "");

  put (fixture, "embed.json", text);
}

static bool
refuse_to_go_on (void *data, int done, int total)
{
  return false;
}

static void
test_verify (struct fixture *fixture, gconstpointer data)
{
  const struct dino_progress stopping = { refuse_to_go_on, NULL };
  char                       table[DINO_SHA256_LENGTH], cls[DINO_SHA256_LENGTH], wrong[DINO_SHA256_LENGTH];
  g_autofree char           *table_path = g_build_filename (fixture->folder, "table.tsv", NULL);
  g_autofree char           *cls_path = g_build_filename (fixture->folder, "cls.npy", NULL);

  g_assert_true (dino_sha256_file (table_path, table, NULL, NULL));
  g_assert_true (dino_sha256_file (cls_path, cls, NULL, NULL));
  memset (wrong, '0', sizeof wrong);
  wrong[sizeof wrong - 1] = '\0';
  for (int i = 0; i < 6; i++)
    {
      static const char *const parts[] = { NULL, "has no “cls.npy”", "table.tsv” is damaged", "cls.npy” is damaged", "was cancelled", "has no “files”" };
      struct dino_error        error = { 0 };
      struct dino_embeddings  *embeddings;

      put_hashes (fixture, i == 2 ? wrong : table, i == 1 ? NULL : i == 3 ? wrong
                                                                          : cls);
      if (i == 5)
        put (fixture, "embed.json", JSON);
      embeddings = dino_embeddings_open (fixture->folder, &error);
      assert_no_error (&error);
      g_assert_cmpint (dino_embeddings_verify (embeddings, DINO_EMBEDDING_CLS, i == 4 ? &stopping : NULL, &error), ==, i == 0);
      if (i > 0)
        assert_error (&error, i == 4 ? DINO_CODE_CANCELLED : DINO_CODE_FORMAT, parts[i]);
      /* What is not there cannot be damaged. */
      if (i == 0)
        g_assert_true (dino_embeddings_verify (embeddings, DINO_EMBEDDING_PATCHES, NULL, &error));
      dino_embeddings_free (embeddings);
    }
  g_assert_true (dino_embeddings_is_own_column ("pixels_sha256"));
  g_assert_true (dino_embeddings_is_own_column ("index"));
  g_assert_false (dino_embeddings_is_own_column ("sex"));
}

#define ADD(name, function) g_test_add ("/embeddings/" name, struct fixture, NULL, set_up, function, tear_down)

/* A header that says 2^40 rows, with a hole of their size behind it. */
static void
test_huge (struct fixture *fixture, gconstpointer data)
{
  const size_t      shape[] = { (size_t) ((uint64_t) 1 << 40), 1 };
  char              header[DINO_NPY_HEADER_ROOM];
  const size_t      length = dino_npy_format_header (header, shape, 2, false);
  g_autofree char  *cls = g_build_filename (fixture->folder, "cls.npy", NULL);
  g_autofree char  *mean = g_build_filename (fixture->folder, "mean.npy", NULL);
  struct dino_error error = { 0 };

  if (test_skipped_in_valgrind ("it has no room for such a mapping"))
    return;
  put_file (cls, header, length);
  put_file (mean, header, length);
  if (shape[0] == 0 || truncate (cls, (off_t) (length + sizeof (float) * shape[0])) != 0 || truncate (mean, (off_t) (length + sizeof (float) * shape[0])) != 0)
    {
      g_test_skip ("no file can be that large here");
      return;
    }
  g_assert_null (dino_embeddings_open (fixture->folder, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_FORMAT);
  g_assert_nonnull (strstr (error.message, "cls.npy"));
}

/* A mapped file keeps its little-endian values. */
static void
test_big_endian (struct fixture *fixture, gconstpointer data)
{
  struct dino_error error = { 0 };

  g_assert_null (dino_embeddings_open (fixture->folder, &error));
  assert_error (&error, DINO_CODE_UNSUPPORTED, "cannot be mapped by a big-endian processor");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (G_BYTE_ORDER == G_BIG_ENDIAN)
    {
      ADD ("big-endian", test_big_endian);
      return g_test_run ();
    }
  ADD ("open", test_open);
  ADD ("patches", test_patches);
  ADD ("texts-refused", test_texts_refused);
  ADD ("matrices-refused", test_matrices_refused);
  ADD ("huge", test_huge);
  ADD ("missing", test_missing);
  ADD ("origin", test_origin);
  ADD ("verify", test_verify);
  return g_test_run ();
}
