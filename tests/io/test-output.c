/* Files written complete or not at all. */
#include "io/output.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "io-support.h"

struct fixture
{
  char *folder, *path;
};

static void
set_up (struct fixture *fixture, gconstpointer data)
{
  fixture->folder = make_folder ();
  fixture->path = g_build_filename (fixture->folder, "out", NULL);
}

static void
tear_down (struct fixture *fixture, gconstpointer data)
{
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
put (const char *path, const char *text)
{
  put_file (path, text, strlen (text));
}

static void
assert_content (const char *path, const char *expected)
{
  g_autoptr (GByteArray) bytes = bytes_of_file (path);

  g_assert_cmpmem (bytes->data, bytes->len, expected, strlen (expected));
}

static mode_t
mode_of (const char *path)
{
  struct stat status;

  g_assert_cmpint (stat (path, &status), ==, 0);
  return status.st_mode & 07777;
}

static bool
write_text (const char *path, const char *text, struct dino_error *error)
{
  struct dino_output *output = dino_output_new (path, error);

  if (output == NULL)
    return false;
  if (!dino_output_write (output, text, strlen (text), error))
    {
      dino_output_abort (output);
      return false;
    }
  return dino_output_commit (output, error);
}

static void
assert_written (const char *path, const char *text)
{
  struct dino_error error = { 0 };

  g_assert_true (write_text (path, text, &error));
  assert_no_error (&error);
}

static void
test_new (struct fixture *fixture, gconstpointer data)
{
  mode_t before = umask (027);

  assert_written (fixture->path, "new");
  umask (before);
  assert_content (fixture->path, "new");
  g_assert_cmpint (mode_of (fixture->path), ==, 0640);
  g_assert_cmpuint (count_entries (fixture->folder), ==, 1);
}

static void
test_replace (struct fixture *fixture, gconstpointer data)
{
  put (fixture->path, "old and longer");
  g_assert_cmpint (g_chmod (fixture->path, 0604), ==, 0);
  assert_written (fixture->path, "new");
  assert_content (fixture->path, "new");
  g_assert_cmpint (mode_of (fixture->path), ==, 0604);
  g_assert_cmpuint (count_entries (fixture->folder), ==, 1);
}

/* What is nobody else's business keeps to its owner, also in place of what everybody could read. */
static void
test_private (struct fixture *fixture, gconstpointer data)
{
  struct dino_output *output;

  put (fixture->path, "old");
  g_assert_cmpint (g_chmod (fixture->path, 0644), ==, 0);
  output = dino_output_new (fixture->path, NULL);
  dino_output_keep_private (output);
  g_assert_true (dino_output_write (output, "new", 3, NULL));
  g_assert_true (dino_output_commit (output, NULL));
  assert_content (fixture->path, "new");
  g_assert_cmpint (mode_of (fixture->path), ==, 0600);
}

/* Before commit the old file is there, whole; after an abort too, and nothing else. */
static void
test_abort (struct fixture *fixture, gconstpointer data)
{
  struct dino_error   error = { 0 };
  struct dino_output *output;
  g_autofree char    *much = g_malloc0 (300000);

  put (fixture->path, "old");
  output = dino_output_new (fixture->path, &error);
  assert_no_error (&error);
  g_assert_true (dino_output_write (output, much, 300000, &error));
  g_assert_true (dino_output_write (output, "more", 4, &error));
  assert_content (fixture->path, "old");
  dino_output_abort (output);
  assert_content (fixture->path, "old");
  g_assert_cmpuint (count_entries (fixture->folder), ==, 1);
  dino_output_abort (NULL);
}

/* Pieces of every size arrive in order. */
static void
test_pieces (struct fixture *fixture, gconstpointer data)
{
  struct dino_error      error = { 0 };
  struct dino_output    *output = dino_output_new (fixture->path, &error);
  g_autoptr (GByteArray) expected = g_byte_array_new ();
  g_autoptr (GByteArray) written = NULL;
  g_autoptr (GRand)      random = g_rand_new_with_seed (3);

  assert_no_error (&error);
  for (guint i = 0; i < 60; i++)
    {
      guint length = (guint) g_rand_int_range (random, 0, i % 7 == 0 ? 150000 : 9000);
      guint start = expected->len;

      g_byte_array_set_size (expected, start + length);
      for (guint j = 0; j < length; j++)
        expected->data[start + j] = (guint8) (i * 31 + j);
      g_assert_true (dino_output_write (output, expected->data + start, length, &error));
    }
  g_assert_true (dino_output_commit (output, &error));
  written = bytes_of_file (fixture->path);
  g_assert_cmpmem (written->data, written->len, expected->data, expected->len);
}

static void
test_symlink (struct fixture *fixture, gconstpointer data)
{
  g_autofree char *first = g_build_filename (fixture->folder, "first", NULL);
  g_autofree char *second = g_build_filename (fixture->folder, "second", NULL);
  g_autofree char *target = NULL;

  put (fixture->path, "old");
  g_assert_cmpint (symlink ("out", second), ==, 0);
  g_assert_cmpint (symlink (second, first), ==, 0);
  assert_written (first, "through two links");
  assert_content (fixture->path, "through two links");
  target = g_file_read_link (first, NULL);
  g_assert_cmpstr (target, ==, second);
  g_assert_cmpuint (count_entries (fixture->folder), ==, 3);

  g_assert_cmpint (g_unlink (fixture->path), ==, 0); /* now the links dangle */
  assert_written (first, "made");
  assert_content (fixture->path, "made");
}

static void
test_symlink_loop (struct fixture *fixture, gconstpointer data)
{
  struct dino_error error = { 0 };

  g_assert_cmpint (symlink ("out", fixture->path), ==, 0);
  g_assert_false (write_text (fixture->path, "x", &error));
  assert_error (&error, DINO_CODE_WRITE, "symbolic links");
}

static void
test_refused (struct fixture *fixture, gconstpointer data)
{
  const char *const names[] = { "no/such/folder", "", "folder/" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char  *path = i == 1 ? g_strdup ("") : g_build_filename (fixture->folder, names[i], NULL);
      struct dino_error error = { 0 };

      g_assert_false (write_text (path, "x", &error));
      assert_error (&error, DINO_CODE_WRITE, "cannot be written");
    }
}

static void
test_directory (struct fixture *fixture, gconstpointer data)
{
  struct dino_error error = { 0 };

  g_assert_false (write_text (fixture->folder, "x", &error));
  assert_error (&error, DINO_CODE_WRITE, "directory");
  g_assert_cmpuint (count_entries (fixture->folder), ==, 0);
}

/* A full device: the reason in words, again at commit. */
static void
test_full (struct fixture *fixture, gconstpointer data)
{
  struct dino_error   first = { 0 }, second = { 0 }, third = { 0 };
  struct dino_output *output = dino_output_new ("/dev/full", &first);
  g_autofree char    *much = g_malloc0 (70000);

  assert_no_error (&first);
  g_assert_false (dino_output_write (output, much, 70000, &first));
  assert_error (&first, DINO_CODE_WRITE, "No space left");
  g_assert_false (dino_output_write (output, much, 1, &second));
  g_assert_cmpstr (second.message, ==, first.message);
  g_assert_false (dino_output_commit (output, &third));
  g_assert_cmpstr (third.message, ==, first.message);
}

/* What is still in our buffer fails at commit. */
static void
test_full_late (struct fixture *fixture, gconstpointer data)
{
  struct dino_error error = { 0 };

  g_assert_false (write_text ("/dev/full", "x", &error));
  assert_error (&error, DINO_CODE_WRITE, "No space left");
}

/* No more room in a folder: the old file stays, no part of the new one does.
 * The limit on file size stands in for a full disk. */
static void
test_no_room (struct fixture *fixture, gconstpointer data)
{
  static const char much[300000];
  pid_t             child;
  int               status;

  put (fixture->path, "old");
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      struct rlimit       limit = { 100000, 100000 };
      struct dino_error   error = { 0 };
      struct dino_output *output = dino_output_new (fixture->path, &error);
      bool                failed;

      signal (SIGXFSZ, SIG_IGN);
      setrlimit (RLIMIT_FSIZE, &limit);
      failed = output != NULL && !dino_output_write (output, much, 300000, &error) && !dino_output_commit (output, &error);
      _exit (failed && strstr (error.message, "too large") != NULL ? 0 : 1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
  assert_content (fixture->path, "old");
  g_assert_cmpuint (count_entries (fixture->folder), ==, 1);
}

/* Calls write_text ("-", …) in a child whose standard output is fd. */
static int
write_to_stdout (int fd, const char *expected)
{
  pid_t child = fork ();
  int   status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      struct dino_error error = { 0 };
      bool              written;

      signal (SIGPIPE, SIG_IGN);
      dup2 (fd, STDOUT_FILENO);
      written = write_text ("-", "to standard output", &error);
      if (expected == NULL)
        _exit (written ? 0 : 1);
      _exit (!written && error.code == DINO_CODE_WRITE && strstr (error.message, expected) != NULL ? 0 : 1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return status;
}

static void
test_stdout (struct fixture *fixture, gconstpointer data)
{
  int     fds[2];
  char    read_back[64] = { 0 };
  ssize_t n;

  g_assert_cmpint (pipe (fds), ==, 0);
  g_assert_cmpint (write_to_stdout (fds[1], NULL), ==, 0);
  n = read (fds[0], read_back, sizeof read_back - 1);
  g_assert_cmpint (n, ==, 18);
  g_assert_cmpstr (read_back, ==, "to standard output");

  close (fds[0]); /* the reader is gone */
  g_assert_cmpint (write_to_stdout (fds[1], "Broken pipe"), ==, 0);
  close (fds[1]);
}

/* Written directly: a FIFO stays a FIFO. */
static void
test_fifo (struct fixture *fixture, gconstpointer data)
{
  char read_back[8] = { 0 };
  int  fd;

  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  fd = open (fixture->path, O_RDWR | O_NONBLOCK);
  g_assert_cmpint (fd, >=, 0);
  assert_written (fixture->path, "fifo");
  g_assert_cmpint (read (fd, read_back, sizeof read_back), ==, 4);
  g_assert_cmpstr (read_back, ==, "fifo");
  close (fd);
}

static bool
is_refused_for_permission (const char *path)
{
  struct dino_error error = { 0 };

  return !write_text (path, "new", &error) && error.code == DINO_CODE_WRITE && strstr (error.message, "Permission denied") != NULL;
}

/* A rename could replace a write-protected file; a folder without write access lets nothing in. */
static void
test_protected (struct fixture *fixture, gconstpointer data)
{
  put (fixture->path, "old");
  g_assert_cmpint (g_chmod (fixture->path, 0444), ==, 0);
  g_assert_cmpint (g_chmod (fixture->folder, 0777), ==, 0);
  g_assert_true (run_as_nobody (is_refused_for_permission, fixture->path));
  assert_content (fixture->path, "old");

  g_assert_cmpint (g_chmod (fixture->path, 0666), ==, 0);
  g_assert_cmpint (g_chmod (fixture->folder, 0555), ==, 0);
  g_assert_true (run_as_nobody (is_refused_for_permission, fixture->path));
  assert_content (fixture->path, "old");
  g_assert_cmpuint (count_entries (fixture->folder), ==, 1);
  g_assert_cmpint (g_chmod (fixture->folder, 0755), ==, 0);
}

#define ADD(name, function) g_test_add ("/output/" name, struct fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("new", test_new);
  ADD ("replace", test_replace);
  ADD ("private", test_private);
  ADD ("abort", test_abort);
  ADD ("pieces", test_pieces);
  ADD ("symlink", test_symlink);
  ADD ("symlink-loop", test_symlink_loop);
  ADD ("refused", test_refused);
  ADD ("directory", test_directory);
  ADD ("full", test_full);
  ADD ("full-late", test_full_late);
  ADD ("no-room", test_no_room);
  ADD ("stdout", test_stdout);
  ADD ("fifo", test_fifo);
  ADD ("protected", test_protected);
  return g_test_run ();
}
