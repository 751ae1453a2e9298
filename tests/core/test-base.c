/* Errors, memory, numbers, files and checksums. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <math.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/path.h"
#include "core/base/sha256.h"
#include "core/base/text.h"
#include "support.h"

static void
assert_message (const struct dino_error *error, const char *part)
{
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” is not in “%s”", part, error->message);
}

static void
test_error_first (void)
{
  struct dino_error error = { 0 };

  g_assert_false (dino_error_set (&error, DINO_CODE_IO, "%s %d", "first", 1));
  g_assert_false (dino_error_set (&error, DINO_CODE_MODEL, "second"));
  g_assert_cmpint (error.code, ==, DINO_CODE_IO);
  g_assert_cmpstr (error.message, ==, "first 1");
  g_assert_false (dino_error_set (NULL, DINO_CODE_IO, "nobody listens"));
  g_assert_false (dino_error_set_memory (NULL, 1));
}

/* Characters of 1 to 4 bytes at every offset from the end of the buffer. */
static void
test_error_cut (void)
{
  static const char *const characters[] = { "a", "é", "…", "🫁" };

  for (size_t c = 0; c < G_N_ELEMENTS (characters); c++)
    for (size_t shift = 0; shift < 5; shift++)
      {
        struct dino_error   error = { 0 };
        g_autoptr (GString) text = g_string_new (NULL);
        size_t              length = strlen (characters[c]);
        size_t              room = sizeof error.message - 1 - shift;

        for (size_t i = 0; i < shift; i++)
          g_string_append_c (text, '.');
        while (text->len < 2 * sizeof error.message)
          g_string_append (text, characters[c]);
        dino_error_set (&error, DINO_CODE_IO, "%s", text->str);
        g_assert_true (g_utf8_validate (error.message, -1, NULL));
        g_assert_cmpuint (strlen (error.message), ==, shift + room / length * length);
      }
}

static void
test_error_clean (void)
{
  struct dino_error error = { 0 };

  dino_error_set (&error, DINO_CODE_IO, "%s", "a\x1b[31m\n|\xff|\xc3|\xc2\x9b|\xed\xa0\x80|\xc0\x80|\xf5|é\x7f");
  g_assert_cmpstr (error.message, ==, "a?[31m\n|?|?|?|???|??|?|é?");
}

/* The first and the last of each range, and their neighbours. */
static void
test_text_clean (void)
{
  char one[] = "a\nb\x1f|\x20|\x7e\x7f|\xc2\x80\xc2\x9f\xc2\xa0|\xe2\x80\xa7\xe2\x80\xa8\xe2\x80\xae\xe2\x80\xaf|\xe2\x81\xa5\xe2\x81\xa6\xe2\x81\xa9\xe2\x81\xaa|\xe2\x82\xa8\xf0\x9f\xa9\xbb\xe2\x80";
  char other[] = "a\nb\tc\r";
  char nothing[] = "";

  dino_text_clean (one, false);
  g_assert_cmpstr (one, ==, "a?b?|\x20|\x7e?|??\xc2\xa0|\xe2\x80\xa7??\xe2\x80\xaf|\xe2\x81\xa5??\xe2\x81\xaa|\xe2\x82\xa8\xf0\x9f\xa9\xbb??");
  dino_text_clean (other, true);
  g_assert_cmpstr (other, ==, "a\nb?c?");
  dino_text_clean (nothing, false);
  g_assert_cmpstr (nothing, ==, "");
}

static void
test_memory (void)
{
  struct dino_error error = { 0 };
  size_t            result;
  unsigned char    *zeros;
  void             *nothing;

  g_assert_true (dino_multiply (SIZE_MAX / 3, 3, &result));
  g_assert_false (dino_multiply (SIZE_MAX / 2, 3, &result));
  g_assert_true (dino_add (SIZE_MAX - 1, 1, &result));
  g_assert_false (dino_add (SIZE_MAX, 1, &result));

  nothing = dino_alloc (0, 100, &error);
  g_assert_nonnull (nothing);
  dino_free (nothing);
  zeros = dino_alloc_zeroed (7, 11, &error);
  g_assert_nonnull (zeros);
  g_assert_cmpuint ((uintptr_t) zeros % DINO_ALIGNMENT, ==, 0);
  for (int i = 0; i < 77; i++)
    g_assert_cmpuint (zeros[i], ==, 0);
  dino_free (zeros);
  dino_free (NULL);
  g_assert_cmpint (error.code, ==, DINO_CODE_NONE);
}

static void
test_memory_refused (void)
{
  const size_t root = (size_t) 1 << (4 * sizeof (size_t)); /* whose square is one too large */
  const size_t sizes[][2] = { { SIZE_MAX, 2 }, { SIZE_MAX, 1 }, { SIZE_MAX / 4 + 1, 2 }, { root, root } };

  for (size_t i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      struct dino_error error = { 0 };

      g_assert_null (dino_alloc (sizes[i][0], sizes[i][1], &error));
      g_assert_cmpint (error.code, ==, DINO_CODE_MEMORY);
      g_assert_null (dino_alloc_zeroed (sizes[i][0], sizes[i][1], NULL));
    }
}

static void
check_numbers (void)
{
  static const struct
  {
    double      value;
    const char *text;
  } numbers[] = {
    { 0, "0" },
    { -0.0, "-0" },
    { 3, "3" },
    { 640, "640" },
    { -1e15, "-1000000000000000" },
    { 1e16, "1e+16" },
    { 0.25, "0.25" },
    { 0.1, "0.1" },
    { 1e-7, "1e-07" },
    { -1.5e300, "-1.5e+300" },
    { 0.1 + 0.2, "0.30000000000000004" },
    { 1 / 255.0, "0.00392156862745098" },
    { 5e-324, "5e-324" },
    { 1.7976931348623157e308, "1.7976931348623157e+308" },
    { (double) 0.5307f, "0.5307000279426575" },
  };
  char buffer[DINO_NUMBER_LENGTH];

  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      double value = 0;

      g_assert_cmpstr (dino_format_double (buffer, numbers[i].value), ==, numbers[i].text);
      g_assert_true (dino_parse_double (numbers[i].text, &value));
      g_assert_cmpmem (&value, sizeof value, &numbers[i].value, sizeof value);
    }
  g_assert_cmpstr (dino_format_double (buffer, INFINITY), ==, "inf");
  g_assert_cmpstr (dino_format_double (buffer, -INFINITY), ==, "-inf");
  g_assert_cmpstr (dino_format_double (buffer, (double) NAN), ==, "nan");
}

static void
test_numbers (void)
{
  check_numbers ();
}

static void
test_numbers_comma (void)
{
  if (setlocale (LC_ALL, "de_DE.UTF-8") == NULL)
    {
      g_test_skip ("the locale de_DE.UTF-8 is not installed");
      return;
    }
  check_numbers ();
  setlocale (LC_ALL, "C.UTF-8");
}

static void
test_numbers_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  char              buffer[DINO_NUMBER_LENGTH];

  for (int i = 0; i < 20000; i++)
    {
      guint64 bits = (guint64) g_rand_int (random) << 32 | g_rand_int (random);
      double  value, back = 0;

      memcpy (&value, &bits, sizeof value);
      if (!isfinite (value))
        continue;
      g_assert_true (dino_parse_double (dino_format_double (buffer, value), &back));
      g_assert_cmpmem (&value, sizeof value, &back, sizeof back);
    }
}

static void
test_numbers_refused (void)
{
  static const char *const texts[] = { "", " 1", "1 ", "1,5", "0x10", "inf", "nan", "1e999", "-1e999", "1e", "--1", "1.2.3", ".", "+", "1_000", "１" };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      double value = 42;

      if (dino_parse_double (texts[i], &value))
        g_error ("“%s” was taken for a number", texts[i]);
      g_assert_cmpfloat (value, ==, 42);
    }
}

static void
assert_not_opened (const char *path, const char *reason)
{
  struct dino_error error = { 0 };
  uint64_t          size;

  g_assert_cmpint (dino_file_open (path, &size, &error), ==, -1);
  g_assert_cmpint (error.code, ==, DINO_CODE_IO);
  assert_message (&error, path);
  assert_message (&error, reason);
}

static void
test_file_kinds (void)
{
  g_autofree char   *folder = g_dir_make_tmp ("dino-XXXXXX", NULL);
  g_autofree char   *fifo = g_build_filename (folder, "fifo", NULL);
  g_autofree char   *socket_path = g_build_filename (folder, "socket", NULL);
  g_autofree char   *missing = g_build_filename (folder, "missing", NULL);
  g_autofree char   *beyond = g_build_filename (socket_path, "beyond", NULL);
  g_autofree char   *loop = g_build_filename (folder, "loop", NULL);
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int                fd = socket (AF_UNIX, SOCK_STREAM, 0);

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_strlcpy (address.sun_path, socket_path, sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (symlink ("loop", loop), ==, 0);

  assert_not_opened (folder, "it is a directory");
  assert_not_opened (fifo, "it is a FIFO");
  assert_not_opened (socket_path, "it is a socket");
  assert_not_opened ("/dev/null", "it is a device");
  assert_not_opened (missing, g_strerror (ENOENT));
  assert_not_opened (beyond, g_strerror (ENOTDIR));
  assert_not_opened (loop, g_strerror (ELOOP));
  assert_not_opened ("", g_strerror (ENOENT));

  close (fd);
  unlink (fifo);
  unlink (socket_path);
  unlink (loop);
  rmdir (folder);
}

static void
test_file_read (void)
{
  g_autofree char  *folder = g_dir_make_tmp ("dino-XXXXXX", NULL);
  g_autofree char  *path = g_build_filename (folder, "file", NULL);
  struct dino_error error = { 0 };
  size_t            length = 0;
  uint8_t          *data;
  char              buffer[8] = "";
  uint64_t          size = 0;
  int               fd;

  g_assert_true (g_file_set_contents (path, "0123456789", 10, NULL));
  data = dino_file_read (path, 10, &length, &error);
  g_assert_cmpmem (data, length + 1, "0123456789", 11);
  dino_free (data);
  g_assert_null (dino_file_read (path, 9, &length, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_LIMIT);
  assert_message (&error, path);

  fd = dino_file_open (path, &size, NULL);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpuint (size, ==, 10);
  g_assert_true (fcntl (fd, F_GETFD) & FD_CLOEXEC);
  g_assert_true (dino_file_read_at (fd, path, buffer, 3, 7, NULL));
  g_assert_cmpstr (buffer, ==, "789");
  error = (struct dino_error){ 0 };
  g_assert_false (dino_file_read_at (fd, path, buffer, 4, 7, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_FORMAT);
  assert_message (&error, path);
  g_assert_false (dino_file_read_at (fd, path, buffer, 4, UINT64_MAX - 1, NULL));
  close (fd);
  unlink (path);
  rmdir (folder);
}

static void
assert_path (char *path, const char *expected)
{
  g_assert_cmpstr (path, ==, expected);
  dino_free (path);
}

static void
test_path (void)
{
  assert_path (dino_path_join ("a", "b", NULL), "a/b");
  assert_path (dino_path_join ("a/", "b", NULL), "a/b");
  assert_path (dino_path_join ("/", "b", NULL), "/b");
  assert_path (dino_path_beside ("a/c", "b", NULL), "a/b");
  assert_path (dino_path_beside ("/c", "b", NULL), "/b");
  assert_path (dino_path_beside ("c", "b", NULL), "b");
}

/* Vectors of FIPS 180-4 and the empty message. */
static void
test_sha256 (void)
{
  char                text[DINO_SHA256_LENGTH];
  struct dino_sha256 *sum = dino_sha256_new (NULL);

  dino_sha256_finish (sum, text);
  g_assert_cmpstr (text, ==, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  sum = dino_sha256_new (NULL);
  dino_sha256_update (sum, "a", 1);
  dino_sha256_update (sum, "bc", 2);
  dino_sha256_finish (sum, text);
  g_assert_cmpstr (text, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  dino_sha256_finish (NULL, text);
  g_assert_cmpstr (text, ==, "");
}

struct steps
{
  int calls, total, stop;
};

static bool
count_step (void *data, int done, int total)
{
  struct steps *steps = data;

  g_assert_cmpint (done, <=, total);
  steps->total = total;
  return ++steps->calls != steps->stop;
}

/* RFC 4231, 4.3. */
static void
test_hmac_sha256 (void)
{
  static const char data[] = "what do ya want for nothing?";
  char              text[DINO_SHA256_LENGTH];

  g_assert_true (dino_hmac_sha256 ("Jefe", 4, data, strlen (data), text, NULL));
  g_assert_cmpstr (text, ==, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  g_assert_true (dino_sha256_memory ("abc", 3, text, NULL));
  g_assert_cmpstr (text, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void
test_sha256_file (void)
{
  g_autofree char     *folder = g_dir_make_tmp ("dino-XXXXXX", NULL);
  g_autofree char     *path = g_build_filename (folder, "file", NULL);
  g_autofree char     *data = g_strnfill (3500000, 'a');
  struct steps         steps = { 0 };
  struct dino_progress progress = { count_step, &steps };
  struct dino_error    error = { 0 };
  char                 text[DINO_SHA256_LENGTH];
  g_autofree char     *expected = g_compute_checksum_for_string (G_CHECKSUM_SHA256, data, -1);

  g_assert_true (g_file_set_contents (path, data, 3500000, NULL));
  g_assert_true (dino_sha256_file (path, text, &progress, &error));
  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpint (steps.calls, ==, 4);
  g_assert_cmpint (steps.total, ==, 3);
  steps = (struct steps){ .stop = 2 };
  g_assert_false (dino_sha256_file (path, text, &progress, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_CANCELLED);
  g_assert_cmpstr (text, ==, "");
  error = (struct dino_error){ 0 };
  g_assert_false (dino_sha256_file (folder, text, NULL, &error));
  assert_message (&error, "it is a directory");
  unlink (path);
  rmdir (folder);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/error/first", test_error_first);
  g_test_add_func ("/base/error/cut", test_error_cut);
  g_test_add_func ("/base/error/clean", test_error_clean);
  g_test_add_func ("/base/text/clean", test_text_clean);
  g_test_add_func ("/base/memory", test_memory);
  g_test_add_func ("/base/memory/refused", test_memory_refused);
  g_test_add_func ("/base/numbers", test_numbers);
  g_test_add_func ("/base/numbers/comma", test_numbers_comma);
  g_test_add_func ("/base/numbers/random", test_numbers_random);
  g_test_add_func ("/base/numbers/refused", test_numbers_refused);
  g_test_add_func ("/base/file/kinds", test_file_kinds);
  g_test_add_func ("/base/file/read", test_file_read);
  g_test_add_func ("/base/path", test_path);
  g_test_add_func ("/base/sha256", test_sha256);
  g_test_add_func ("/base/sha256/file", test_sha256_file);
  g_test_add_func ("/base/sha256/hmac", test_hmac_sha256);
  return g_test_run ();
}
