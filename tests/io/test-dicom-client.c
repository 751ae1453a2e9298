/* A DICOM reader that is not there, or does something else than reading. */
#include "io/dicom.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>

#include "dicom-film.h"
#include "in-valgrind.h"

#define VARIABLE "DINOSCOPE_DICOM_HELPER"

struct fixture
{
  char *folder, *helper, *film, *real;
};

static void
set_up (struct fixture *fixture, gconstpointer data)
{
  g_autoptr (Dicom)      film = film_new (DICOM_EXPLICIT, NULL);
  g_autoptr (GByteArray) bytes = dicom_finish (film, DICOM_PREAMBLE);

  fixture->folder = make_folder ();
  fixture->helper = g_build_filename (fixture->folder, "helper", NULL);
  fixture->film = g_build_filename (fixture->folder, "film.dcm", NULL);
  fixture->real = g_strdup (g_getenv (VARIABLE));
  g_assert_nonnull (fixture->real);
  put_file (fixture->film, bytes->data, bytes->len);
}

static void
tear_down (struct fixture *fixture, gconstpointer data)
{
  g_setenv (VARIABLE, fixture->real, TRUE);
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->helper);
  g_free (fixture->film);
  g_free (fixture->real);
}

/* Has a shell script do the helper's work. */
static void
put_script (const struct fixture *fixture, const char *script)
{
  g_autofree char *text = g_strdup_printf ("#!/bin/sh\n%s\n", script);

  put_file (fixture->helper, text, strlen (text));
  g_assert_cmpint (g_chmod (fixture->helper, 0700), ==, 0);
  g_setenv (VARIABLE, fixture->helper, TRUE);
}

static struct dino_picture *
read_film (const struct fixture *fixture, const struct dino_dicom_options *options, struct dino_error *error)
{
  int                  fd = open (fixture->film, O_RDONLY | O_CLOEXEC);
  guint                n_open = count_entries ("/proc/self/fd");
  struct dino_picture *picture;

  g_assert_cmpint (fd, >=, 0);
  picture = dino_dicom_read (fd, "film.dcm", options, error);
  /* Nothing stays open, nobody stays behind. */
  g_assert_cmpuint (count_entries ("/proc/self/fd"), ==, n_open);
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
  close (fd);
  return picture;
}

static void
assert_failure (const struct fixture *fixture, const char *script, enum dino_code code, const char *part)
{
  const struct dino_dicom_options options = { .deadline_seconds = 1 };
  struct dino_error               error = { 0 };

  if (script != NULL)
    put_script (fixture, script);
  g_assert_null (read_film (fixture, &options, &error));
  assert_error (&error, code, part);
}

static void
test_missing (struct fixture *fixture, gconstpointer data)
{
  g_autofree char *absent = g_build_filename (fixture->folder, "absent", NULL);

  if (test_skipped_in_valgrind ("its vfork() is a fork(), by which posix_spawn() cannot tell why a program does not start"))
    return;
  g_setenv (VARIABLE, absent, TRUE);
  assert_failure (fixture, NULL, DINO_CODE_IO, "absent does not start (No such file or directory)");
  put_file (fixture->helper, "#!/bin/sh\n", 10);
  g_assert_cmpint (g_chmod (fixture->helper, 0600), ==, 0);
  g_setenv (VARIABLE, fixture->helper, TRUE);
  assert_failure (fixture, NULL, DINO_CODE_IO, "does not start (Permission denied)");
}

static void
test_exit (struct fixture *fixture, gconstpointer data)
{
  assert_failure (fixture, "exit 1", DINO_CODE_IO, "“film.dcm” cannot be read: the DICOM reader does not work here (exit code 1)");
  assert_failure (fixture, "printf DINODCM1; exit 70", DINO_CODE_IO, "exit code 70");
}

static void
test_garbage (struct fixture *fixture, gconstpointer data)
{
  const char nonsense[] = "“film.dcm” cannot be read: the answer of the DICOM reader makes no sense";

  assert_failure (fixture, "echo usage: reader of a quite different kind", DINO_CODE_FORMAT, nonsense);
  assert_failure (fixture, "exec yes", DINO_CODE_FORMAT, nonsense);
  assert_failure (fixture, "exec cat /dev/zero", DINO_CODE_FORMAT, nonsense);
  /* A head as it should be (kind, length, size), and a description of zeros. */
  assert_failure (fixture, "printf 'DINODCM1\\1\\0\\0\\0\\20\\0\\0\\0\\1\\0\\0\\0\\1\\0\\0\\0'; exec head -c 16 /dev/zero", DINO_CODE_FORMAT, nonsense);
  assert_failure (fixture, "printf 'DINODCM1\\2\\0\\0\\0\\20\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0'; exec head -c 16 /dev/zero", DINO_CODE_FORMAT, nonsense);
}

/* One that does not end, in whatever state. */
static void
test_hang (struct fixture *fixture, gconstpointer data)
{
  static const char *const scripts[] = {
    "exec sleep 1000",
    "trap '' TERM INT HUP; printf DINODCM1; exec sleep 1000",
    "printf 'DINODCM1\\1\\0\\0\\0\\20\\0\\0\\0\\1\\0\\0\\0\\1\\0\\0\\0'; exec sleep 1000",
  };

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    assert_failure (fixture, scripts[i], DINO_CODE_FORMAT, "“film.dcm” keeps the DICOM reader busy for too long; it was stopped");
}

static void
test_signals (struct fixture *fixture, gconstpointer data)
{
  assert_failure (fixture, "ulimit -c 0; kill -SEGV $$", DINO_CODE_FORMAT, "“film.dcm” is damaged: the DICOM reader broke off (signal 11)");
  assert_failure (fixture, "ulimit -c 0; kill -ABRT $$", DINO_CODE_FORMAT, "signal 6");
  assert_failure (fixture, "ulimit -c 0; kill -SYS $$", DINO_CODE_FORMAT, "made the DICOM reader do what it must not");
  assert_failure (fixture, "ulimit -c 0; kill -XCPU $$", DINO_CODE_FORMAT, "busy for too long");
  assert_failure (fixture, "exec >&-; exec sleep 1000", DINO_CODE_IO, "“film.dcm” cannot be read: the DICOM reader was ended before it had answered (signal 9)");
}

/* The real reader's message, cut: within the head, the description, the samples. */
static void
test_cut (struct fixture *fixture, gconstpointer data)
{
  static const guint lengths[] = { 0, 8, 23, 24, 60, 200 };
  g_autofree char   *count = g_build_filename (fixture->folder, "count", NULL);
  g_autofree char   *whole = g_strdup_printf ("%s \"$@\" | tee %s", fixture->real, count);
  struct dino_error  error = { 0 };
  GStatBuf           status;

  put_script (fixture, whole);
  dino_picture_unref (read_film (fixture, NULL, &error));
  assert_no_error (&error);
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *script = g_strdup_printf ("head -c %u %s", lengths[i], count);

      assert_failure (fixture, script, DINO_CODE_IO, "the DICOM reader does not work here (exit code 0)");
    }
  g_assert_cmpint (g_stat (count, &status), ==, 0);
  {
    g_autofree char *script = g_strdup_printf ("head -c %u %s", (guint) status.st_size - 1, count);

    assert_failure (fixture, script, DINO_CODE_IO, "exit code 0");
  }
}

static bool
stop (void *data, int done, int total)
{
  int *n_asked = data;

  return ++*n_asked < 3;
}

/* Long before the deadline. */
static void
test_cancel (struct fixture *fixture, gconstpointer data)
{
  int                             n_asked = 0;
  const struct dino_progress      progress = { stop, &n_asked };
  const struct dino_dicom_options options = { .progress = &progress };
  struct dino_error               error = { 0 };

  put_script (fixture, "exec sleep 1000");
  g_assert_null (read_film (fixture, &options, &error));
  assert_error (&error, DINO_CODE_CANCELLED, "Cancelled");
  g_assert_cmpint (n_asked, ==, 3);
}

/* Nothing of the user's environment or open files gets there. */
static void
test_surroundings (struct fixture *fixture, gconstpointer data)
{
  g_autofree char *told = g_build_filename (fixture->folder, "told", NULL);
  g_autofree char *script = g_strdup_printf ("env > %s; ls /proc/$$/fd >> %s; echo $# $1 >> %s; exit 3", told, told, told);
  g_autofree char *text = NULL;

  g_setenv ("DCMDICTPATH", "/nonexistent/dictionary", TRUE);
  assert_failure (fixture, script, DINO_CODE_IO, "exit code 3");
  g_unsetenv ("DCMDICTPATH");
  g_assert_true (g_file_get_contents (told, &text, NULL, NULL));
  g_test_message ("%s", text);
  g_assert_null (strstr (text, "DCMDICTPATH"));
  g_assert_null (strstr (text, "HOME="));
  g_assert_nonnull (strstr (text, "LC_ALL=C\n"));
  g_assert_true (g_str_has_suffix (text, "\n1 0\n"));
}

/* The offset of the descriptor and the disposition of SIGCHLD do not matter. */
static void
test_descriptor (struct fixture *fixture, gconstpointer data)
{
  int                  fd = open (fixture->film, O_RDONLY | O_CLOEXEC);
  struct dino_error    error = { 0 };
  struct dino_picture *picture;

  g_assert_cmpint (lseek (fd, 0, SEEK_END), >, 0);
  signal (SIGCHLD, SIG_IGN);
  picture = dino_dicom_read (fd, "film.dcm", NULL, &error);
  signal (SIGCHLD, SIG_DFL);
  assert_no_error (&error);
  g_assert_cmpint (film_stored (picture, FILM_PIXELS - 1), ==, film_words[FILM_PIXELS - 1]);
  dino_picture_unref (picture);
  close (fd);
}

/* A terminal interrupts all processes of the program's group; the helper is of another. */
static void
test_group (struct fixture *fixture, gconstpointer data)
{
  struct dino_error    error = { 0 };
  g_autofree char     *script = g_strdup_printf ("read -r line </proc/$$/stat; set -- \"$1\" $line; [ $6 = $$ ] || exit 3; exec %s $1", fixture->real);
  struct dino_picture *picture;

  put_script (fixture, script);
  picture = read_film (fixture, NULL, &error);
  assert_no_error (&error);
  dino_picture_unref (picture);
}

/* An error is for those who want one. */
static void
test_no_error (struct fixture *fixture, gconstpointer data)
{
  put_script (fixture, "exit 1");
  g_assert_null (read_film (fixture, NULL, NULL));
}

#define ADD(name, function) g_test_add ("/dicom-client/" name, struct fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("missing", test_missing);
  ADD ("exit", test_exit);
  ADD ("garbage", test_garbage);
  ADD ("hang", test_hang);
  ADD ("signals", test_signals);
  ADD ("cut", test_cut);
  ADD ("cancel", test_cancel);
  ADD ("surroundings", test_surroundings);
  ADD ("descriptor", test_descriptor);
  ADD ("group", test_group);
  ADD ("no-error", test_no_error);
  return g_test_run ();
}
