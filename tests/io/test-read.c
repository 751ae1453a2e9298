/* Files that are pictures, and files that are not. */
#include "io/kind.h"
#include "io/read.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "io-support.h"
#include "png-builder.h"

struct fixture
{
  char *folder, *path;
};

static void
set_up (struct fixture *fixture, gconstpointer data)
{
  fixture->folder = make_folder ();
  fixture->path = g_build_filename (fixture->folder, "input", NULL);
}

static void
tear_down (struct fixture *fixture, gconstpointer data)
{
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static guint
ramp (guint x, guint y, guint c)
{
  return 16 * x + y;
}

static void
assert_refused (const struct fixture *fixture, enum dino_code code, const char *part)
{
  struct dino_error    error = { 0 };
  struct dino_picture *picture = dino_picture_read (fixture->path, NULL, &error);

  g_assert_null (picture);
  g_assert_nonnull (strstr (error.message, fixture->path));
  assert_error (&error, code, part);
  g_assert_false (dino_picture_recognise (fixture->path));
}

static void
test_kinds (struct fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char    *bytes;
    gsize          length;
    enum dino_code code;
    const char    *part;
  } rows[] = {
#define ROW(bytes, code, part) { bytes, sizeof (bytes) - 1, DINO_CODE_##code, part }
    ROW ("", FORMAT, "is empty"),
    ROW ("II*\0\x08\0\0\0", UNSUPPORTED, "TIFF"),
    ROW ("MM\0*\0\0\0\x08", UNSUPPORTED, "TIFF"),
    ROW ("BM\x36\0\0\0\0\0\0\0\x36\0\0\0", UNSUPPORTED, "BMP"),
    ROW ("GIF89a\x01\0\x01\0", UNSUPPORTED, "GIF"),
    ROW ("RIFF\x24\0\0\0WEBPVP8 ", UNSUPPORTED, "WebP"),
    ROW ("%PDF-1.7\n", UNSUPPORTED, "PDF"),
    ROW ("\n <!DOCTYPE html><html>", UNSUPPORTED, "web page"),
    ROW ("<?xml version=\"1.0\"?><svg/>", UNSUPPORTED, "web page or XML"),
    ROW ("patient,age\n1,44\n", UNSUPPORTED, "text file"),
    ROW ("version https://git-lfs.github.com/spec/v1\n", UNSUPPORTED, "Git LFS"),
    ROW ("\x10\0\0\0\0\0\0\0{\"a\":{\"dtype\"", UNSUPPORTED, "safetensors"),
    ROW ("\x93NUMPY\x01\0v\0", UNSUPPORTED, "NumPy"),
    ROW ("PK\x03\x04", UNSUPPORTED, "ZIP"),
    ROW ("\0\0\0\x0cjP  \r\n\x87\n", UNSUPPORTED, "JPEG 2000"),
    ROW ("\x89PNG\n\x1a\n\0\0\0\rIHDR", FORMAT, "damaged"),
    ROW ("\x09PNG\r\n\x1a\n\0\0\0\rIHDR", FORMAT, "damaged"),
    ROW ("BM is a text\n", UNSUPPORTED, "text file"),
    ROW ("\x10\0\0\0\x01\0\0\0{\"a\":1}", UNSUPPORTED, "not a picture"),
    ROW (" \n\t", UNSUPPORTED, "text file"),
    ROW (" <", UNSUPPORTED, "text file"),
    ROW ("<a href>", UNSUPPORTED, "text file"),
    ROW ("a text\x7f", UNSUPPORTED, "not a picture"),
    ROW ("\x08\0\x71\0CS\x02\0ab\x08\0\x72\0", UNSUPPORTED, "not a picture"),
    ROW ("\x08\0\x05\0C \x02\0ab\x08\0\x72\0", UNSUPPORTED, "not a picture"),
    ROW ("\0\0\0\0\0\0\0\0", UNSUPPORTED, "not a picture"),
    ROW ("\x01", UNSUPPORTED, "not a picture"),
#undef ROW
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      put_file (fixture->path, rows[i].bytes, rows[i].length);
      assert_refused (fixture, rows[i].code, rows[i].part);
    }
}

static void
test_dicom (struct fixture *fixture, gconstpointer data)
{
  char              bytes[200] = { 0 };
  struct dino_error error = { 0 };

  memcpy (bytes + 128, "DICM", 4);
  put_file (fixture->path, bytes, sizeof bytes);
  g_assert_true (dino_picture_recognise (fixture->path));
  g_assert_null (dino_picture_read (fixture->path, NULL, &error));
  assert_error (&error, DINO_CODE_FORMAT, "cannot be read as DICOM");
}

static void
test_directory (struct fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (g_mkdir (fixture->path, 0700), ==, 0);
  assert_refused (fixture, DINO_CODE_IO, "directory");
  g_assert_cmpint (g_rmdir (fixture->path), ==, 0);
}

/* Opening a FIFO that nobody writes to would wait forever. */
static void
test_fifo (struct fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  assert_refused (fixture, DINO_CODE_IO, "FIFO");
}

static void
test_socket (struct fixture *fixture, gconstpointer data)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int                fd = socket (AF_UNIX, SOCK_STREAM, 0);

  g_strlcpy (address.sun_path, fixture->path, sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  assert_refused (fixture, DINO_CODE_IO, "socket");
  close (fd);
}

static void
test_device (struct fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (symlink ("/dev/zero", fixture->path), ==, 0);
  assert_refused (fixture, DINO_CODE_IO, "device");
}

static void
test_absent (struct fixture *fixture, gconstpointer data)
{
  assert_refused (fixture, DINO_CODE_IO, "No such file");
}

static bool
is_refused_for_permission (const char *path)
{
  struct dino_error error = { 0 };

  return dino_picture_read (path, NULL, &error) == NULL && error.code == DINO_CODE_IO && strstr (error.message, "Permission denied") != NULL;
}

static void
test_unreadable (struct fixture *fixture, gconstpointer data)
{
  put_file (fixture->path, "x", 1);
  g_assert_cmpint (g_chmod (fixture->path, 0), ==, 0);
  g_assert_cmpint (g_chmod (fixture->folder, 0755), ==, 0);
  g_assert_true (run_as_nobody (is_refused_for_permission, fixture->path));
}

/* Larger than is read, but sparse: refused without reading. */
static void
test_too_large (struct fixture *fixture, gconstpointer data)
{
  struct dino_error error = { 0 };

  put_file (fixture->path, "\x89PNG\r\n\x1a\n", 8);
  g_assert_cmpint (truncate (fixture->path, (off_t) DINO_READ_MAX_FILE + 1), ==, 0);
  g_assert_null (dino_picture_read (fixture->path, NULL, &error));
  assert_error (&error, DINO_CODE_LIMIT, "too large");
}

/* By content, not by name; EXIF orientation is applied unless told otherwise. */
static void
test_orientation (struct fixture *fixture, gconstpointer data)
{
  static const char        exif[] = "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
  struct png_description   description = { .width = 3, .height = 2, .depth = 8, .color_type = 0, .sample = ramp };
  struct dino_read_options as_stored = { .ignore_exif = true };
  struct dino_error        error = { 0 };
  struct dino_picture     *picture;
  g_autoptr (GByteArray)   extra = g_byte_array_new ();
  g_autoptr (GByteArray)   png = NULL;

  png_add_chunk (extra, "eXIf", exif, sizeof exif - 1);
  description.extra = (const char *) extra->data;
  description.extra_length = extra->len;
  png = png_build (&description);
  put_file (fixture->path, png->data, png->len);
  g_assert_true (dino_picture_recognise (fixture->path));

  picture = dino_picture_read (fixture->path, &as_stored, &error);
  assert_no_error (&error);
  g_assert_cmpint (picture->width, ==, 3);
  g_assert_cmpint (picture->orientation, ==, 6);
  g_assert_cmpuint (picture->notes, ==, 0);
  dino_picture_unref (picture);

  /* 6: the stored picture is to be turned clockwise. */
  picture = dino_picture_read (fixture->path, NULL, &error);
  assert_no_error (&error);
  g_assert_cmpint (picture->width, ==, 2);
  g_assert_cmpint (picture->height, ==, 3);
  g_assert_cmpint (picture->orientation, ==, 6);
  g_assert_cmpuint (picture->notes, ==, DINO_NOTE_ORIENTED);
  for (guint y = 0; y < 3; y++)
    for (guint x = 0; x < 2; x++)
      g_assert_cmpuint (picture->samples8[2 * y + x], ==, ramp (y, 1 - x, 0));
  g_assert_cmpstr (picture->format, ==, "PNG");
  g_assert_cmpstr (picture->mode, ==, "8-bit grey");
  g_assert_cmpint (picture->file_bits, ==, 8);
  g_assert_cmpuint (picture->low, ==, 0);
  g_assert_cmpuint (picture->high, ==, 33);
  dino_picture_unref (picture);
}

static bool
note_sha256 (void *data, const char *file_sha256)
{
  char **sha256 = data;
  bool   wanted = *sha256 == NULL;

  g_free (*sha256);
  *sha256 = g_strdup (file_sha256);
  return wanted;
}

/* The bytes' hash comes before the decoding, which it may make needless. */
static void
test_identify (struct fixture *fixture, gconstpointer data)
{
  struct dino_error              error = { 0 };
  char                          *sha256 = NULL;
  char                           expected[DINO_SHA256_LENGTH];
  g_autofree char               *path = test_data ("golden/pictures/missing");
  const struct dino_read_options options = { .name = "a name", .identify = note_sha256, .identify_data = &sha256 };
  const struct png_description   description = { .width = 4, .height = 3, .depth = 8, .sample = ramp };
  g_autoptr (GByteArray)         png = png_build (&description);
  struct dino_picture           *picture;

  put_file (fixture->path, png->data, png->len);
  g_assert_true (dino_sha256_file (fixture->path, expected, NULL, &error));
  picture = dino_picture_read (fixture->path, &options, &error);
  assert_no_error (&error);
  g_assert_cmpint (picture->width, ==, 4);
  g_assert_cmpstr (sha256, ==, expected);
  dino_picture_unref (picture);
  g_assert_null (dino_picture_read (fixture->path, &options, &error));
  assert_no_error (&error);
  g_free (sha256);
  g_assert_null (dino_picture_read (path, &options, &error));
  assert_error (&error, DINO_CODE_IO, "“a name” cannot be opened");
}

#define ADD(name, function) g_test_add ("/read/" name, struct fixture, NULL, set_up, function, tear_down)

/* A DICOM file without its preamble begins with a short element and goes on in
 * the order of groups, whatever its encoding; lengths have two bytes. */
static void
test_bare_dicom (void)
{
  static const struct
  {
    const char *head;
    gsize       length;
    guint8      low, high;
  } rows[] = {
    { "\x08\0\x05\0CS\x02\x02", 8, 0x08, 0 },
    { "\x08\0\x05\0\x02\x02\0\0", 8, 0x08, 0 },
    { "\0\x08\0\x05"
      "CS\x02\x02",
      8, 0, 0x08 },
    { "\x02\0\x01\0OB\0\0\x02\x02\0\0", 12, 0x02, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint shift = 0; shift < 3; shift++)
      {
        const gsize next = rows[i].length + 0x202;
        guint8      bytes[600] = { 0 };

        memset (bytes, ' ', sizeof bytes);
        memcpy (bytes, rows[i].head, rows[i].length);
        bytes[next] = rows[i].low;
        bytes[next + 1] = rows[i].high;
        g_assert_cmpint (dino_kind_of (bytes, next + 4), ==, DINO_KIND_DICOM);
        /* Cut off, or with a group of before or from far behind. */
        g_assert_cmpint (dino_kind_of (bytes, next + 3), !=, DINO_KIND_DICOM);
        bytes[next + (rows[i].low == 0)] = shift == 0 ? 0x01 : shift == 1 ? 0x21
                                                                          : 0xff;
        g_assert_cmpint (dino_kind_of (bytes, next + 4), !=, DINO_KIND_DICOM);
      }
}

/* A program that was started without standard input, output or error gets these
 * numbers for files and pipes of its own. */
static void
test_no_standard (struct fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) png = png_build (&(struct png_description){ .width = 3, .height = 2, .depth = 8, .sample = ramp });

  put_file (fixture->path, png->data, png->len);
  for (int closed = 1; closed < 8; closed++)
    {
      const pid_t child = fork ();
      int         status;

      g_assert_cmpint (child, >=, 0);
      if (child == 0)
        {
          struct dino_error    error = { 0 };
          struct dino_picture *picture;
          bool                 right;

          for (int fd = 0; fd < 3; fd++)
            if ((closed >> fd & 1) != 0)
              close (fd);
          picture = dino_picture_read (fixture->path, NULL, &error);
          right = picture != NULL && picture->samples8[1] == 16;
          dino_picture_unref (picture);
          exit (right ? 0 : 1);
        }
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      g_assert_true (WIFEXITED (status));
      g_assert_cmpint (WEXITSTATUS (status), ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("kinds", test_kinds);
  ADD ("dicom", test_dicom);
  ADD ("directory", test_directory);
  ADD ("fifo", test_fifo);
  ADD ("socket", test_socket);
  ADD ("device", test_device);
  ADD ("absent", test_absent);
  ADD ("unreadable", test_unreadable);
  ADD ("too-large", test_too_large);
  ADD ("orientation", test_orientation);
  ADD ("identify", test_identify);
  ADD ("no-standard", test_no_standard);
  g_test_add_func ("/read/bare-dicom", test_bare_dicom);
  return g_test_run ();
}
