/* Files that come together, and what processes leave that were killed. */
#include "io/staging.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "core/base/memory.h"
#include "io-support.h"
#include "io/temporary.h"

static const char *const names[] = { "data", "more", "description", NULL };

struct fixture
{
  char *folder, *inner;
};

static void
set_up (struct fixture *fixture, gconstpointer data)
{
  fixture->folder = make_folder ();
  fixture->inner = g_build_filename (fixture->folder, "out", NULL);
}

static void
tear_down (struct fixture *fixture, gconstpointer data)
{
  if (g_file_test (fixture->inner, G_FILE_TEST_IS_DIR))
    remove_folder (fixture->inner);
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->inner);
}

static void
put_in (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  put_file (path, text, strlen (text));
}

/* NULL: not there. */
static void
assert_in (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  if (text != NULL)
    {
      g_autoptr (GByteArray) bytes = bytes_of_file (path);

      g_assert_cmpmem (bytes->data, bytes->len, text, strlen (text));
    }
  else
    g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static struct dino_staging *
begin (const struct fixture *fixture)
{
  struct dino_error    error = { 0 };
  struct dino_staging *staging = dino_staging_new (fixture->inner, &error);

  assert_no_error (&error);
  return staging;
}

static void
write_old (const struct fixture *fixture)
{
  g_assert_cmpint (g_mkdir (fixture->inner, 0777), ==, 0);
  put_in (fixture->inner, "data", "old");
  put_in (fixture->inner, "more", "old");
  put_in (fixture->inner, "description", "old");
  put_in (fixture->inner, "other", "somebody's");
}

/* Files that the new ones do not have go; what is not of this kind stays. */
static void
test_commit (struct fixture *fixture, gconstpointer data)
{
  struct dino_error    error = { 0 };
  struct dino_staging *staging;

  write_old (fixture);
  staging = begin (fixture);
  put_in (dino_staging_path (staging), "data", "new");
  put_in (dino_staging_path (staging), "description", "new");
  assert_in (fixture->inner, "data", "old");
  g_assert_true (dino_staging_commit (staging, names, &error));
  dino_staging_free (staging);
  assert_in (fixture->inner, "data", "new");
  assert_in (fixture->inner, "description", "new");
  assert_in (fixture->inner, "more", NULL);
  assert_in (fixture->inner, "other", "somebody's");
  g_assert_cmpuint (count_entries (fixture->inner), ==, 3);
}

static void
test_given_up (struct fixture *fixture, gconstpointer data)
{
  struct dino_staging *staging;

  staging = begin (fixture);
  put_in (dino_staging_path (staging), "data", "new");
  dino_staging_free (staging);
  g_assert_false (g_file_test (fixture->inner, G_FILE_TEST_EXISTS));
  write_old (fixture);
  staging = begin (fixture);
  put_in (dino_staging_path (staging), "data", "new");
  dino_staging_free (staging);
  assert_in (fixture->inner, "data", "old");
  assert_in (fixture->inner, "description", "old");
  g_assert_cmpuint (count_entries (fixture->inner), ==, 4);
  dino_staging_free (NULL);
}

/* A process that was killed left its files; the next one begins anew. */
static void
test_leftovers (struct fixture *fixture, gconstpointer data)
{
  struct dino_error    error = { 0 };
  struct dino_staging *staging = begin (fixture);
  g_autofree char     *path = g_strdup (dino_staging_path (staging));

  dino_staging_free (staging);
  write_old (fixture);
  g_assert_cmpint (g_mkdir (path, 0777), ==, 0);
  put_in (path, "more", "of the killed one");
  staging = begin (fixture);
  put_in (dino_staging_path (staging), "data", "new");
  put_in (dino_staging_path (staging), "description", "new");
  g_assert_true (dino_staging_commit (staging, names, &error));
  dino_staging_free (staging);
  assert_in (fixture->inner, "more", NULL);
}

static void
test_two (struct fixture *fixture, gconstpointer data)
{
  struct dino_staging *staging = begin (fixture);
  struct dino_error    error = { 0 };

  g_assert_null (dino_staging_new (fixture->inner, &error));
  assert_error (&error, DINO_CODE_WRITE, "another run");
  g_assert_true (g_file_test (dino_staging_path (staging), G_FILE_TEST_IS_DIR));
  dino_staging_free (staging);
}

static void
test_refused (struct fixture *fixture, gconstpointer data)
{
  struct dino_error error = { 0 };
  g_autofree char  *path = g_build_filename (fixture->inner, "deeper", NULL);

  g_assert_null (dino_staging_new (path, &error));
  assert_error (&error, DINO_CODE_WRITE, "cannot be made");
  error = (struct dino_error){ 0 };
  put_in (fixture->folder, "out", "a file");
  g_assert_null (dino_staging_new (fixture->inner, &error));
  assert_error (&error, DINO_CODE_WRITE, "cannot be written");
  g_assert_cmpint (g_unlink (fixture->inner), ==, 0);
}

static char *
open_temporary (const char *target, int *fd)
{
  struct dino_error error = { 0 };
  char             *path = NULL;

  *fd = dino_temporary_open (target, &path, &error);
  g_assert_cmpint (*fd, >=, 0);
  return path;
}

/* What is left of a killed process is taken away by the next run of the same output. */
static void
test_temporary_leftover (struct fixture *fixture, gconstpointer data)
{
  int   fd;
  char *first = open_temporary (fixture->inner, &fd), *second;

  g_assert_cmpint (write (fd, "left", 4), ==, 4);
  close (fd); /* as a kill does */
  second = open_temporary (fixture->inner, &fd);
  g_assert_cmpstr (second, ==, first);
  g_assert_cmpint (lseek (fd, 0, SEEK_END), ==, 0);
  g_assert_cmpuint (count_entries (fixture->folder), ==, 1);
  close (fd);
  dino_free (first);
  dino_free (second);
}

/* One that is being written is not. */
static void
test_temporary_living (struct fixture *fixture, gconstpointer data)
{
  int   fd, other;
  char *first = open_temporary (fixture->inner, &fd), *second = open_temporary (fixture->inner, &other);

  g_assert_cmpstr (second, !=, first);
  g_assert_true (g_file_test (first, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_entries (fixture->folder), ==, 2);
  close (fd);
  close (other);
  dino_free (first);
  dino_free (second);
}

/* Names of the same places that are a link, a FIFO or a folder are not touched. */
static void
test_temporary_strange (struct fixture *fixture, gconstpointer data)
{
  g_autofree char *victim = g_build_filename (fixture->folder, "victim", NULL);
  int              fd;
  char            *first = open_temporary (fixture->inner, &fd);

  close (fd);
  put_file (victim, "x", 1);
  for (int i = 0; i < 2; i++)
    {
      char *second;

      g_assert_cmpint (g_unlink (first), ==, 0);
      g_assert_cmpint (i == 0 ? symlink ("victim", first) : mkfifo (first, 0666), ==, 0);
      second = open_temporary (fixture->inner, &fd);
      g_assert_cmpstr (second, !=, first);
      close (fd);
      g_assert_cmpint (g_unlink (second), ==, 0);
      dino_free (second);
    }
  assert_in (fixture->folder, "victim", "x");
  dino_free (first);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, struct fixture, NULL, set_up, function, tear_down)
  ADD ("/staging/commit", test_commit);
  ADD ("/staging/given-up", test_given_up);
  ADD ("/staging/leftovers", test_leftovers);
  ADD ("/staging/two", test_two);
  ADD ("/staging/refused", test_refused);
  ADD ("/temporary/leftover", test_temporary_leftover);
  ADD ("/temporary/living", test_temporary_living);
  ADD ("/temporary/strange", test_temporary_strange);

  return g_test_run ();
}
