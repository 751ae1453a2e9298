/* Files compared with what is published: every way in which they can differ. */
#include <locale.h>
#include <sys/stat.h>

#include "core/model/published.h"
#include "model-files.h"

/* FIPS 180-4's example: the hash of "abc". */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static void
assert_state (const char *folder, const struct dino_published_file *file, enum dino_published_state state, guint64 size, const char *sha256)
{
  struct dino_published_check check;
  struct dino_error           error = { 0 };

  if (!dino_published_compare (folder, file, &check, NULL, &error))
    g_error ("%s", error.message);
  g_assert_cmpint (check.state, ==, state);
  g_assert_cmpuint (check.size, ==, size);
  g_assert_cmpstr (check.sha256, ==, sha256);
}

static void
test_compare (void)
{
  static const struct dino_published_file sized = { "a file", 3, ABC, true }, unsized = { "a file", -1, ABC, true };
  g_autofree char                        *folder = scratch_folder ();
  g_autofree char                        *path = g_build_filename (folder, "a file", NULL);

  assert_state (folder, &sized, DINO_PUBLISHED_ABSENT, 0, "");
  write_bytes (path, "abc", 3);
  assert_state (folder, &sized, DINO_PUBLISHED_SAME, 3, ABC);
  assert_state (folder, &unsized, DINO_PUBLISHED_SAME, 3, ABC);
  write_bytes (path, "abd", 3);
  assert_state (folder, &sized, DINO_PUBLISHED_OTHER_CONTENT, 3, "a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9");
  write_bytes (path, "abcd", 4);
  assert_state (folder, &sized, DINO_PUBLISHED_OTHER_SIZE, 4, "");
  assert_state (folder, &unsized, DINO_PUBLISHED_OTHER_CONTENT, 4, "88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589");
  remove_folder (folder);
}

static bool
refuse (void *data, int done, int total)
{
  return false;
}

static void
test_not_compared (void)
{
  static const struct dino_published_file file = { "file", 3, ABC, true };
  static const struct dino_progress       cancel = { refuse, NULL };
  g_autofree char                        *folder = scratch_folder ();
  g_autofree char                        *path = g_build_filename (folder, "file", NULL);
  struct dino_published_check             check;
  struct dino_error                       error = { 0 }, cancelled = { 0 };

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_false (dino_published_compare (folder, &file, &check, NULL, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_IO);
  g_assert_cmpint (g_unlink (path), ==, 0);
  write_bytes (path, "abc", 3);
  g_assert_false (dino_published_compare (folder, &file, &check, &cancel, &cancelled));
  g_assert_cmpint (cancelled.code, ==, DINO_CODE_CANCELLED);
  remove_folder (folder);
}

/* The table is in order: whole hashes, plain names, and all that a model needs. */
static void
test_table (void)
{
  const struct dino_published_model *model = dino_published_find ("rad-dino");
  gsize                              needed = 0;

  g_assert_null (dino_published_find ("dinov2"));
  g_assert_nonnull (model);
  g_assert_cmpstr (model->repository, ==, "microsoft/rad-dino");
  g_assert_cmpuint (strlen (model->revision), ==, 40);
  for (gsize i = 0; i < model->n_files; i++)
    {
      g_assert_cmpuint (strlen (model->files[i].sha256), ==, 64);
      g_assert_cmpuint (strspn (model->files[i].sha256, "0123456789abcdef"), ==, 64);
      g_assert_null (strchr (model->files[i].name, '/'));
      needed += model->files[i].needed;
    }
  g_assert_cmpuint (needed, ==, 3);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/published/compare", test_compare);
  g_test_add_func ("/model/published/not-compared", test_not_compared);
  g_test_add_func ("/model/published/table", test_table);
  return g_test_run ();
}
