/* Folders to search in: what is written is found again, and nothing else is taken for it. */
#include <math.h>

#include "core/base/memory.h"
#include "io/index-filter.h"
#include "io/index-write.h"
#include "io/npy.h"

#include "io-support.h"

#define HASH_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HASH_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb01"
#define JSON                                                                                                     \
  "{\"schema\": \"dinoscope-embeddings\", \"version\": 1, \"model\": {\"name\": \"tiny\", \"sha256\": \"ab\"}, " \
  "\"precision\": \"fp32\", \"isa\": \"avx2\", \"preparation\": {\"fit\": \"crop\", \"exif\": \"applied\"}, "    \
  "\"counts\": {\"inputs\": 4, \"embedded\": 3, \"failed\": 1}, \"shard\": {\"index\": 0, \"count\": 1}%s}"
#define TABLE                                                             \
  "index\trow\tname\tpixels_sha256\twidth\theight\tview\tstatus\terror\n" \
  "0\t0\ta.png\t" HASH_A "\t10\t20\tPA\tok\t\n"                           \
  "1\t\tb.png\t\t\t\t\tfailed\tbroken\n"                                  \
  "2\t1\tx/c.png\t" HASH_B "\t30\t40\t\tok\t\n"                           \
  "3\t2\td.png\t" HASH_A "\t30\t40\tAP\tok\t\n"

struct fixture
{
  char *source, *folder;
};

static void
put (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  put_file (path, text, strlen (text));
}

/* 3, 0, -4 … in each picture: lengths of 5, 10, 15. */
static void
put_matrix (const char *folder, const char *name, size_t n, size_t tokens, size_t channels)
{
  const size_t        shape[] = { n, tokens > 0 ? tokens : channels, channels };
  struct dino_error   error = { 0 };
  g_autofree char    *path = g_build_filename (folder, name, NULL);
  struct dino_output *output = dino_output_new (path, &error);
  const size_t        rows = n * MAX (tokens, 1);
  g_autofree float   *values = g_new0 (float, rows *channels);

  for (size_t row = 0; row < rows; row++)
    {
      values[row * channels + row % channels] = 3 * (float) (row + 1);
      values[row * channels + (row + 2) % channels] = -4 * (float) (row + 1);
    }
  g_assert_true (dino_npy_write (output, values, shape, tokens > 0 ? 3 : 2, false, &error));
  g_assert_true (dino_output_commit (output, &error));
}

static void
set_up (struct fixture *fixture, gconstpointer data)
{
  g_autofree char *json = g_strdup_printf (JSON, ", \"grid_columns\": 4");

  fixture->source = make_folder ();
  fixture->folder = g_strconcat (fixture->source, "-index", NULL);
  put (fixture->source, "embed.json", json);
  put (fixture->source, "table.tsv", TABLE);
  put_matrix (fixture->source, "cls.npy", 3, 0, 4);
  put_matrix (fixture->source, "mean.npy", 3, 0, 4);
  put_matrix (fixture->source, "patches.npy", 3, 4, 4);
}

static void
tear_down (struct fixture *fixture, gconstpointer data)
{
  remove_folder (fixture->source);
  if (g_file_test (fixture->folder, G_FILE_TEST_EXISTS))
    remove_folder (fixture->folder);
  g_free (fixture->source);
  g_free (fixture->folder);
}

static struct dino_index_report
write_index (const struct fixture *fixture, enum dino_embedding what, enum dino_vector_type type, const struct dino_table *table)
{
  struct dino_error             error = { 0 };
  struct dino_embeddings       *source = dino_embeddings_open (fixture->source, &error);
  struct dino_embeddings *const sources[] = { source };
  const struct dino_index_plan  plan = { .folder = fixture->folder, .what = what, .type = type, .sources = sources, .n_sources = 1, .table = table };
  struct dino_index_report      report;

  assert_no_error (&error);
  g_assert_true (dino_index_write (&plan, &report, NULL, &error));
  assert_no_error (&error);
  dino_embeddings_free (source);
  return report;
}

static struct dino_index *
open_index (const struct fixture *fixture)
{
  struct dino_error  error = { 0 };
  struct dino_index *index = dino_index_open (fixture->folder, true, NULL, &error);

  assert_no_error (&error);
  g_assert_nonnull (index);
  return index;
}

/* Rows of length 1 in the order of the source. */
static void
assert_rows (const struct dino_index *index, double tolerance)
{
  const struct dino_points points = dino_index_points (index);
  float                    row[4], again[4];

  for (size_t i = 0; i < points.n; i++)
    {
      dino_index_row (index, i, row);
      for (size_t c = 0; c < 4; c++)
        g_assert_cmpfloat_with_epsilon ((double) row[c], c == i % 4 ? 0.6 : c == (i + 2) % 4 ? -0.8
                                                                                             : 0,
                                        tolerance);
      dino_points_rows (&points, i, 1, again);
      g_assert_cmpmem (row, sizeof row, again, sizeof again);
    }
}

static void
test_write (struct fixture *fixture, gconstpointer data)
{
  for (int type = 0; type < DINO_N_VECTOR_TYPES; type++)
    for (int patches = 0; patches < 2; patches++)
      {
        const enum dino_embedding      what = patches ? DINO_EMBEDDING_PATCHES : DINO_EMBEDDING_MEAN;
        const struct dino_index_report report = write_index (fixture, what, (enum dino_vector_type) type, NULL);
        struct dino_index             *index = open_index (fixture);
        size_t                         found = 9, columns = 9;

        g_assert_cmpuint (report.n_pictures, ==, 3);
        g_assert_cmpuint (report.n_rows, ==, patches ? 12 : 3);
        g_assert_cmpuint (report.n_empty, ==, 0);
        g_assert_cmpuint (report.n_unmatched, ==, 0);
        g_assert_cmpstr (dino_index_folder (index), ==, fixture->folder);
        g_assert_cmpint (dino_index_what (index), ==, what);
        g_assert_cmpuint (dino_index_n_pictures (index), ==, 3);
        g_assert_cmpuint (dino_index_n_patches (index), ==, patches ? 4 : 1);
        g_assert_cmpint (dino_index_vectors (index)->type, ==, type);
        g_assert_cmpuint (dino_index_vectors (index)->count, ==, report.n_rows);
        g_assert_cmpuint (dino_index_vectors (index)->width, ==, 4);
        g_assert_cmpint (dino_index_grid_columns (index, &columns), ==, patches);
        g_assert_cmpuint (columns, ==, patches ? 4 : 9);
        assert_rows (index, type == DINO_VECTOR_F16 ? 5e-4 : 1e-7);
        if (type == DINO_VECTOR_I8)
          {
            const struct dino_vectors *vectors = dino_index_vectors (index);
            const int8_t              *bytes = vectors->rows;

            for (size_t i = 0; i < vectors->count; i++)
              for (size_t c = 0; c < 4; c++)
                g_assert_cmpfloat (fabs ((double) (bytes[4 * i + c] * vectors->scales[i]) - (double) vectors->exact[4 * i + c]), <=, 1e-7 + (double) vectors->errors[i]);
          }

        g_assert_cmpstr (dino_index_origin (index)->model_name, ==, "tiny");
        g_assert_cmpstr (dino_index_origin (index)->model_sha256, ==, "ab");
        g_assert_cmpstr (dino_index_origin (index)->precision, ==, "fp32");
        g_assert_cmpstr (dino_index_origin (index)->isa, ==, "avx2");
        g_assert_cmpstr (dino_index_origin (index)->preparation, ==, "{\"exif\": \"applied\", \"fit\": \"crop\"}");
        g_assert_cmpstr (dino_index_name (index, 1), ==, "x/c.png");
        g_assert_cmpstr (dino_index_get (index, 2, dino_table_find (dino_index_table (index), "view")), ==, "AP");
        for (int column = 0; column < dino_table_n_columns (dino_index_table (index)); column++)
          g_assert_false (dino_index_is_added (index, column));
        g_assert_true (dino_index_find (index, HASH_B, &found));
        g_assert_cmpuint (found, ==, 1);
        g_assert_true (dino_index_find (index, HASH_A, &found));
        g_assert_cmpuint (found, ==, 0);
        g_assert_false (dino_index_find (index, "ab", &found));
        g_assert_false (dino_index_find (index, "AAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", &found));
        g_assert_false (dino_index_find (index, "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc", &found));
        g_assert_true (dino_index_check (index, NULL));
        dino_index_free (index);
      }
}

/* Embeddings themselves, their rows in memory. */
static void
test_memory (struct fixture *fixture, gconstpointer data)
{
  struct dino_error  error = { 0 };
  struct dino_index *index = dino_index_open_any (fixture->source, DINO_EMBEDDING_PATCHES, false, NULL, &error);
  size_t             found = 9, columns = 9;

  assert_no_error (&error);
  g_assert_cmpuint (dino_index_n_pictures (index), ==, 3);
  g_assert_cmpuint (dino_index_n_patches (index), ==, 4);
  g_assert_true (dino_index_grid_columns (index, &columns));
  g_assert_cmpuint (columns, ==, 4);
  assert_rows (index, 1e-7);
  g_assert_cmpstr (dino_index_name (index, 2), ==, "d.png");
  g_assert_true (dino_index_find (index, HASH_B, &found));
  g_assert_cmpuint (found, ==, 1);
  g_assert_true (dino_index_check (index, NULL));
  dino_index_free (index);
  g_assert_null (dino_index_open_any (fixture->source, DINO_EMBEDDING_LAST4, false, NULL, &error));
  assert_error (&error, DINO_CODE_ARGUMENT, "has no last4.npy");
  error = (struct dino_error){ 0 };
  g_assert_null (dino_index_open_any (fixture->source, DINO_EMBEDDING_CLS, true, NULL, &error));
  assert_error (&error, DINO_CODE_FORMAT, "has no “files”");
  error = (struct dino_error){ 0 };
  g_assert_null (dino_index_open_any (fixture->folder, DINO_EMBEDDING_CLS, false, NULL, &error));
  assert_error (&error, DINO_CODE_IO, "index.json");
}

/* Columns of a person's table, and what a search may ask of them. */
static void
test_table (struct fixture *fixture, gconstpointer data)
{
  struct dino_error                 error = { 0 };
  const struct dino_index_condition conditions[] = { { "sex", "f" }, { "sex", "m" }, { "view", "PA" } };
  g_autofree char                  *path = g_build_filename (fixture->source, "person.csv", NULL);
  struct dino_table                *table;
  struct dino_index_report          report;
  struct dino_index                *index;
  uint64_t                         *chosen;
  uint32_t                         *groups;
  size_t                            n = 9;
  int                               note, sex;

  put (fixture->source, "person.csv", "file,sex,view,note\nc.png,f,ignored,\"a\tb \"\"q\"\"\"\na.png,m,,\nelse.png,m,,\n");
  table = dino_table_read (path, &error);
  report = write_index (fixture, DINO_EMBEDDING_PATCHES, DINO_VECTOR_F32, table);
  dino_table_free (table);
  g_assert_cmpuint (report.n_unmatched, ==, 1);
  index = open_index (fixture);
  note = dino_table_find (dino_index_table (index), "note");
  sex = dino_table_find (dino_index_table (index), "sex");
  g_assert_true (dino_index_is_added (index, note));
  g_assert_cmpstr (dino_index_get (index, 0, sex), ==, "m");
  g_assert_cmpstr (dino_index_get (index, 1, sex), ==, "f");
  g_assert_cmpstr (dino_index_get (index, 2, sex), ==, "");
  g_assert_cmpstr (dino_index_get (index, 1, note), ==, "a\tb \"q\"");
  g_assert_cmpstr (dino_index_get (index, 1, dino_table_find (dino_index_table (index), "view")), ==, "");

  chosen = dino_index_filter (index, conditions, 1, &n, &error);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (chosen[0], ==, 0xf0);
  dino_free (chosen);
  chosen = dino_index_filter (index, conditions, 2, &n, &error);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (chosen[0], ==, 0xff);
  dino_free (chosen);
  chosen = dino_index_filter (index, conditions, 3, &n, &error);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (chosen[0], ==, 0x0f);
  dino_free (chosen);
  chosen = dino_index_filter (index, NULL, 0, &n, &error);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpuint (chosen[0], ==, 0xfff);
  dino_free (chosen);
  g_assert_null (dino_index_filter (index, &(struct dino_index_condition){ "age", "7" }, 1, &n, &error));
  assert_error (&error, DINO_CODE_FORMAT, "no column “age”");

  groups = dino_index_groups (index, sex, NULL);
  for (size_t i = 0; i < 12; i++)
    for (size_t k = 0; k < 12; k++)
      g_assert_cmpint (groups[i] == groups[k], ==, i / 4 == k / 4);
  g_assert_cmpuint (dino_index_group_of (index, groups, sex, "f"), ==, groups[4]);
  g_assert_cmpuint (dino_index_group_of (index, groups, sex, ""), ==, UINT32_MAX);
  g_assert_cmpuint (dino_index_group_of (index, groups, sex, "x"), ==, UINT32_MAX);
  dino_free (groups);
  dino_index_free (index);
}

/* Of a matrix of which nothing is known. */
static void
test_matrix (struct fixture *fixture, gconstpointer data)
{
  struct dino_error        error = { 0 };
  g_autofree char         *path = g_build_filename (fixture->source, "cls.npy", NULL);
  struct dino_matrix_file *matrix = dino_matrix_file_open (path, &error);
  struct dino_index_plan   plan = { .folder = fixture->folder, .matrix = matrix };
  struct dino_index_report report;
  struct dino_index       *index;
  size_t                   found;
  guint                    n_entries;

  g_assert_true (dino_index_write (&plan, &report, NULL, &error));
  dino_matrix_file_free (matrix);
  n_entries = count_entries (fixture->folder);
  index = open_index (fixture);
  g_assert_cmpstr (dino_index_origin (index)->model_sha256, ==, "");
  g_assert_cmpstr (dino_index_name (index, 2), ==, "2");
  g_assert_false (dino_index_find (index, HASH_A, &found));
  assert_rows (index, 1e-7);
  dino_index_free (index);

  /* Rows without a length stay zeros. */
  put_matrix (fixture->source, "cls.npy", 3, 0, 4);
  {
    g_autoptr (GByteArray) bytes = bytes_of_file (path);

    memset (bytes->data + bytes->len - 48, 0, 16);
    put_file (path, bytes->data, bytes->len);
    plan.matrix = dino_matrix_file_open (path, &error);
    g_assert_true (dino_index_write (&plan, &report, NULL, &error));
    g_assert_cmpuint (report.n_empty, ==, 1);
    dino_matrix_file_free ((struct dino_matrix_file *) plan.matrix);

    memset (bytes->data + bytes->len - 4, 0xff, 4);
    put_file (path, bytes->data, bytes->len);
    plan.matrix = dino_matrix_file_open (path, &error);
    g_assert_false (dino_index_write (&plan, &report, NULL, &error));
    assert_error (&error, DINO_CODE_FORMAT, "row 2 has a value that is no number");
    dino_matrix_file_free ((struct dino_matrix_file *) plan.matrix);
  }
  /* The index that was there before is whole, and nothing is beside it. */
  g_assert_cmpuint (count_entries (fixture->folder), ==, n_entries);
  dino_index_free (open_index (fixture));
}

/* A folder with anything else in it is left as it is. */
static void
test_occupied (struct fixture *fixture, gconstpointer data)
{
  struct dino_error             error = { 0 };
  struct dino_embeddings       *source = dino_embeddings_open (fixture->source, &error);
  struct dino_embeddings *const sources[] = { source, source };
  struct dino_index_plan        plan = { .folder = fixture->source, .sources = sources, .n_sources = 2 };
  struct dino_index_report      report;
  struct dino_index            *index;

  g_assert_false (dino_index_write (&plan, &report, NULL, &error));
  assert_error (&error, DINO_CODE_WRITE, "is there already and is not only an index");
  g_assert_cmpuint (count_entries (fixture->source), ==, 5);
  error = (struct dino_error){ 0 };
  plan.folder = "/nonexistent/index";
  g_assert_false (dino_index_write (&plan, &report, NULL, &error));
  assert_error (&error, DINO_CODE_WRITE, "/nonexistent/index");

  /* An index of another kind is replaced, with all of its files. */
  write_index (fixture, DINO_EMBEDDING_CLS, DINO_VECTOR_I8, NULL);
  g_assert_cmpuint (count_entries (fixture->folder), ==, 6);
  plan.folder = fixture->folder;
  g_assert_true (dino_index_write (&plan, &report, NULL, NULL));
  g_assert_cmpuint (count_entries (fixture->folder), ==, 4);
  index = open_index (fixture);
  g_assert_cmpuint (dino_index_n_pictures (index), ==, 6);
  g_assert_cmpstr (dino_index_name (index, 4), ==, "x/c.png");
  dino_index_free (index);
  dino_embeddings_free (source);
}

/* Every file missing, shorter, longer, and with another byte. */
static void
test_damaged (struct fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "index.json", "vectors.npy", "narrow.i8", "scales.npy", "table.tsv", "pixels.bin" };

  write_index (fixture, DINO_EMBEDDING_CLS, DINO_VECTOR_I8, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    for (int kind = i == 0 ? 3 : 0; kind < 4; kind++)
      {
        g_autofree char       *path = g_build_filename (fixture->folder, names[i], NULL);
        g_autoptr (GByteArray) bytes = bytes_of_file (path), changed = bytes_of_file (path);
        struct dino_error      error = { 0 };

        if (kind == 0)
          changed->data[changed->len - 1] ^= 1;
        else if (kind == 1)
          g_byte_array_append (changed, (const guint8 *) "\n", 1);
        put_file (path, changed->data, changed->len - (kind == 2));
        if (kind == 3)
          g_assert_cmpint (g_unlink (path), ==, 0);
        g_assert_null (dino_index_open (fixture->folder, false, NULL, &error));
        g_assert_nonnull (strstr (error.message, path));
        g_assert_cmpint (error.code, ==, kind == 3 ? DINO_CODE_IO : DINO_CODE_FORMAT);
        put_file (path, bytes->data, bytes->len);
        dino_index_free (open_index (fixture));
      }
}

/* What index.json says is compared with the files, and has to make sense. */
static void
test_json (struct fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char    *from, *to;
    enum dino_code code;
    const char    *part;
  } rows[] = {
    { "dinoscope-index", "dinoscope-else", DINO_CODE_FORMAT, "does not describe an index" },
    { "\"version\": 1", "\"version\": 2", DINO_CODE_UNSUPPORTED, "newer version" },
    { "\"version\": 1", "\"version\": 0", DINO_CODE_LIMIT, "version" },
    { "\"what\": \"patches\"", "\"what\": \"last4\"", DINO_CODE_FORMAT, "a value is missing or is none that an index has" },
    { "\"what\": \"patches\"", "\"what\": \"cls\"", DINO_CODE_FORMAT, "a value is missing" },
    { "\"what\": \"patches\"", "\"what\": 1", DINO_CODE_FORMAT, "what" },
    { "\"dtype\": \"f32\"", "\"dtype\": \"f64\"", DINO_CODE_FORMAT, "a value is missing" },
    { "\"dtype\": \"f32\"", "\"dtype\": \"f16\"", DINO_CODE_FORMAT, "its shape is not the index's" },
    { "\"dtype\": \"f32\"", "\"dtype\": \"int8\"", DINO_CODE_FORMAT, "a value is missing" },
    { "\"pictures\": 3", "\"pictures\": 0", DINO_CODE_FORMAT, "a value is missing" },
    { "\"pictures\": 3", "\"pictures\": 2", DINO_CODE_FORMAT, "it has 3 rows and should have 2" },
    { "\"pictures\": 3", "\"pictures\": \"3\"", DINO_CODE_FORMAT, "a value is missing" },
    { "\"patches\": 4", "\"patches\": 8", DINO_CODE_FORMAT, "its shape is not the index's" },
    { "\"patches\": 4", "\"patches\": 3", DINO_CODE_FORMAT, "a value is missing" },
    { "\"patches\": 4", "\"patches\": 9223372036854775806", DINO_CODE_FORMAT, "a value is missing" },
    { "\"channels\": 4", "\"channels\": 5", DINO_CODE_FORMAT, "its shape is not the index's" },
    { "\"channels\": 4", "\"channels\": 0", DINO_CODE_FORMAT, "a value is missing" },
    { "\"grid_columns\": 4", "\"grid_columns\": 3", DINO_CODE_FORMAT, "a value is missing" },
    { "\"grid_columns\": 4", "\"grid_columns\": 0", DINO_CODE_LIMIT, "grid_columns" },
    { "\"model\": {", "\"models\": {", DINO_CODE_FORMAT, "a value is missing" },
    { "\"preparation\": {", "\"preparations\": {", DINO_CODE_FORMAT, "a value is missing" },
    { "\"name\": \"tiny\"", "\"name\": 7", DINO_CODE_FORMAT, "name" },
    { "\"sha256\": \"ab\"", "\"sha\": \"ab\"", DINO_CODE_FORMAT, "a value is missing" },
    { "\"isa\"", "\"is\"", DINO_CODE_FORMAT, "a value is missing" },
    { "\"calibration\"", "\"cal\"", DINO_CODE_FORMAT, "a value is missing" },
    { "\"files\"", "\"file\"", DINO_CODE_FORMAT, "a value is missing" },
    { "\"pixels.bin\"", "\"pixel.bin\"", DINO_CODE_FORMAT, "a value is missing" },
    { "\"bytes\": 96", "\"bytes\": 95", DINO_CODE_FORMAT, "it has 96 bytes and should have 95" },
    { "\"bytes\": 96", "\"bytes\": -96", DINO_CODE_FORMAT, "a value is missing" },
  };
  g_autofree char *path = g_build_filename (fixture->folder, "index.json", NULL);
  g_autofree char *text = NULL;

  write_index (fixture, DINO_EMBEDDING_PATCHES, DINO_VECTOR_F32, NULL);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      struct dino_error   error = { 0 };
      g_autoptr (GString) changed = g_string_new (text);

      g_test_message ("%s", rows[i].to);
      g_assert_cmpuint (g_string_replace (changed, rows[i].from, rows[i].to, 1), ==, 1);
      put_file (path, changed->str, changed->len);
      g_assert_null (dino_index_open (fixture->folder, false, NULL, &error));
      assert_error (&error, rows[i].code, rows[i].part);
      g_assert_nonnull (strstr (error.message, fixture->folder));
    }
}

static bool
stop_at (void *data, int done, int total)
{
  g_assert_cmpint (done, <=, total);
  return done != *(const int *) data;
}

static void
test_cancelled (struct fixture *fixture, gconstpointer data)
{
  for (int stop = 0; stop < 3; stop++)
    {
      const struct dino_progress    progress = { stop_at, &stop };
      struct dino_error             error = { 0 };
      struct dino_embeddings       *source = dino_embeddings_open (fixture->source, NULL);
      struct dino_embeddings *const sources[] = { source };
      const struct dino_index_plan  plan = { .folder = fixture->folder, .sources = sources, .n_sources = 1 };
      struct dino_index_report      report;

      if (stop == 0)
        {
          g_assert_false (dino_index_write (&plan, &report, &progress, &error));
          assert_error (&error, DINO_CODE_CANCELLED, "cancelled");
          g_assert_false (g_file_test (fixture->folder, G_FILE_TEST_EXISTS));
          g_assert_null (dino_index_open_any (fixture->source, DINO_EMBEDDING_CLS, false, &progress, NULL));
        }
      else
        {
          g_assert_true (dino_index_write (&plan, &report, NULL, &error));
          g_assert_null (dino_index_open (fixture->folder, false, &progress, &error));
          assert_error (&error, DINO_CODE_CANCELLED, fixture->folder);
        }
      dino_embeddings_free (source);
    }
}

#define ADD(name, function) g_test_add ("/index/" name, struct fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("write", test_write);
  ADD ("memory", test_memory);
  ADD ("table", test_table);
  ADD ("matrix", test_matrix);
  ADD ("occupied", test_occupied);
  ADD ("damaged", test_damaged);
  ADD ("json", test_json);
  ADD ("cancelled", test_cancelled);
  return g_test_run ();
}
