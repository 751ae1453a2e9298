/* A folder of embeddings as windows see it. */
#include "app/dinoscope-collection.h"
#include "collection-fixture.h"

typedef struct
{
  GFile               *folder, *embeddings;
  DinoscopeCollection *collection;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = collection_folder_new (20, 3);
  fixture->embeddings = collection_folder_get_embeddings (fixture->folder);
  fixture->collection = dinoscope_collection_new (fixture->embeddings, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->collection);
  collection_folder_remove (fixture->folder);
  g_object_unref (fixture->embeddings);
  g_object_unref (fixture->folder);
}

static guint
find_column (DinoscopeCollection *collection, const char *name)
{
  for (guint i = 0; i < dinoscope_collection_get_n_columns (collection); i++)
    if (g_str_equal (dinoscope_collection_get_column_name (collection, i), name))
      return i;
  g_assert_not_reached ();
}

static void
test_rows (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GFile) file = dinoscope_collection_dup_file (fixture->collection, 2);
  gsize             row = 99;

  g_assert_cmpuint (dinoscope_collection_get_n_rows (fixture->collection), ==, 20);
  g_assert_cmpstr (dinoscope_collection_get_title (fixture->collection), ==, "embeddings");
  g_assert_cmpstr (dinoscope_collection_get_name (fixture->collection, 2), ==, "00002.png");
  g_assert_true (g_file_equal (dinoscope_collection_get_pictures (fixture->collection), fixture->folder));
  g_assert_true (g_file_query_exists (file, NULL));
  g_assert_true (dinoscope_collection_find (fixture->collection, "hash-17", &row));
  g_assert_cmpuint (row, ==, 17);
  g_assert_false (dinoscope_collection_find (fixture->collection, "other", &row));
}

static void
test_table (Fixture *fixture, gconstpointer data)
{
  static const char  text[] = "file,age\nsub/00004.png,1\n00005.png,52\n00006,33\n";
  g_autoptr (GFile)  file = g_file_get_child (fixture->folder, "labels.csv");
  g_autoptr (GError) error = NULL;
  const guint        n_own = dinoscope_collection_get_n_columns (fixture->collection);
  gsize              n = 0;

  g_assert_cmpstr (dinoscope_collection_get_value (fixture->collection, 5, find_column (fixture->collection, "cloud")), ==, "cloud 1");
  g_assert_true (g_file_replace_contents (file, text, strlen (text), NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL, NULL));
  g_assert_true (dinoscope_collection_read_table (fixture->collection, file, &n, &error));
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpuint (dinoscope_collection_get_n_columns (fixture->collection), ==, n_own + 2);
  g_assert_cmpstr (dinoscope_collection_get_value (fixture->collection, 5, find_column (fixture->collection, "age")), ==, "52");
  g_assert_cmpstr (dinoscope_collection_get_value (fixture->collection, 6, find_column (fixture->collection, "age")), ==, "33");
  g_assert_cmpstr (dinoscope_collection_get_value (fixture->collection, 4, find_column (fixture->collection, "age")), ==, "1");
  g_assert_cmpstr (dinoscope_collection_get_value (fixture->collection, 7, find_column (fixture->collection, "age")), ==, "");
}

/* What does not fit is told, and the table before stays. */
static void
test_bad_tables (Fixture *fixture, gconstpointer data)
{
  static const char *const texts[] = { "file,age\nother.png,1\n", "age\n3\n", "name,age\n00001.png,1\n00001.png,2\n" };
  static const char *const says[] = { "names none of the pictures", "no column", "another line has the same" };
  g_autoptr (GFile)        file = g_file_get_child (fixture->folder, "labels.csv");
  const guint              n_own = dinoscope_collection_get_n_columns (fixture->collection);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      gsize              n;

      g_assert_true (g_file_replace_contents (file, texts[i], strlen (texts[i]), NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL, NULL));
      g_assert_false (dinoscope_collection_read_table (fixture->collection, file, &n, &error));
      g_assert_nonnull (strstr (error->message, says[i]));
      g_assert_cmpuint (dinoscope_collection_get_n_columns (fixture->collection), ==, n_own);
    }
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError **error = user_data;

  g_assert_null (dinoscope_collection_open_finish (result, error));
}

static void
test_not_embeddings (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  dinoscope_collection_open_async (fixture->folder, NULL, opened_cb, &error);
  while (error == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (strstr (error->message, "embed.json"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/collection/rows", Fixture, NULL, set_up, test_rows, tear_down);
  g_test_add ("/collection/table", Fixture, NULL, set_up, test_table, tear_down);
  g_test_add ("/collection/bad-tables", Fixture, NULL, set_up, test_bad_tables, tear_down);
  g_test_add ("/collection/not-embeddings", Fixture, NULL, set_up, test_not_embeddings, tear_down);
  return g_test_run ();
}
