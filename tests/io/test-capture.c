/* Captures as DICOM files: what is in them, and requests that make no sense. */
#include "io/dicom-capture.h"
#include "io/dicom-request.h"

#include "io-support.h"

struct fixture
{
  char *folder, *path;
};

static void
set_up (struct fixture *fixture, gconstpointer data)
{
  fixture->folder = make_folder ();
  fixture->path = g_build_filename (fixture->folder, "capture.dcm", NULL);
}

static void
tear_down (struct fixture *fixture, gconstpointer data)
{
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static GByteArray *
write_capture (const struct fixture *fixture, const uint8_t *rgb, int width, int height, const char *text)
{
  struct dino_error   error = { 0 };
  struct dino_output *output = dino_output_new (fixture->path, &error);

  g_assert_true (dino_dicom_write_capture (output, rgb, width, height, text, &error));
  g_assert_true (dino_output_commit (output, &error));
  return bytes_of_file (fixture->path);
}

/* The value of an element of explicit VR with a short length; fails without it. */
static char *
value_of (const GByteArray *file, guint16 group, guint16 element, const char *vr)
{
  guint8 head[6] = { (guint8) group, (guint8) (group >> 8), (guint8) element, (guint8) (element >> 8), (guint8) vr[0], (guint8) vr[1] };

  for (gsize i = 132; i + 8 <= file->len; i++)
    if (memcmp (file->data + i, head, 6) == 0)
      return g_strndup ((const char *) file->data + i + 8, (gsize) file->data[i + 6] | (gsize) file->data[i + 7] << 8);
  g_error ("(%04x,%04x) is not there", group, element);
  return NULL;
}

static void
assert_text (const GByteArray *file, guint16 group, guint16 element, const char *vr, const char *expected)
{
  g_autofree char *value = value_of (file, group, element, vr);

  g_assert_cmpstr (g_strchomp (value), ==, expected);
}

static void
assert_number (const GByteArray *file, guint16 element, guint16 expected)
{
  g_autofree char *value = value_of (file, 0x0028, element, "US");

  g_assert_cmpuint ((guint) (guint8) value[0] | (guint) (guint8) value[1] << 8, ==, expected);
}

static void
test_write (struct fixture *fixture, gconstpointer data)
{
  uint8_t                rgb[300 * 2 * 3];
  g_autoptr (GByteArray) file = NULL, other = NULL;
  g_autofree char       *uid = NULL;
  g_autofree char       *other_uid = NULL;

  for (gsize i = 0; i < sizeof rgb; i++)
    rgb[i] = (uint8_t) (7 * i);
  file = write_capture (fixture, rgb, 300, 2, "Drübber");
  g_assert_cmpmem (file->data + 128, 4, "DICM", 4);
  assert_text (file, 0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.7");
  assert_text (file, 0x0008, 0x0005, "CS", "ISO_IR 192");
  assert_text (file, 0x0008, 0x0008, "CS", "DERIVED\\SECONDARY");
  assert_text (file, 0x0008, 0x0060, "CS", "OT");
  assert_text (file, 0x0008, 0x0064, "CS", "WSD");
  assert_text (file, 0x0008, 0x2111, "ST", "Drübber");
  assert_text (file, 0x0010, 0x0010, "PN", "");
  assert_text (file, 0x0010, 0x0020, "LO", "");
  assert_text (file, 0x0020, 0x4000, "LT", "For research only. Not for clinical use.");
  assert_text (file, 0x0028, 0x0004, "CS", "RGB");
  assert_text (file, 0x0028, 0x0301, "CS", "YES");
  assert_number (file, 0x0002, 3);
  assert_number (file, 0x0006, 0);
  assert_number (file, 0x0010, 2);
  assert_number (file, 0x0011, 300);
  assert_number (file, 0x0100, 8);
  assert_number (file, 0x0101, 8);
  assert_number (file, 0x0102, 7);
  assert_number (file, 0x0103, 0);
  g_assert_cmpmem (file->data + file->len - sizeof rgb, sizeof rgb, rgb, sizeof rgb);

  /* A new object each time, by a UUID as one decimal number. */
  other = write_capture (fixture, rgb, 300, 2, "");
  uid = value_of (file, 0x0008, 0x0018, "UI");
  other_uid = value_of (other, 0x0008, 0x0018, "UI");
  g_assert_cmpstr (uid, !=, other_uid);
  g_assert_true (g_str_has_prefix (uid, "2.25."));
  g_assert_cmpuint (strlen (uid), >, 30);
  g_assert_cmpuint (strlen (uid), <=, 44);
  g_assert_cmpuint (strspn (uid + 5, "0123456789"), ==, strlen (uid) - 5);
}

/* As many bytes as fit, and no half of a character. */
static void
test_long_text (struct fixture *fixture, gconstpointer data)
{
  static const uint8_t   rgb[3];
  g_autofree char       *text = g_strnfill (DINO_DICOM_REQUEST_TEXT - 1, 'x');
  g_autofree char       *longer = g_strconcat (text, "üz", NULL);
  g_autoptr (GByteArray) file = write_capture (fixture, rgb, 1, 1, longer);

  assert_text (file, 0x0008, 0x2111, "ST", text);
}

static void
test_refused (struct fixture *fixture, gconstpointer data)
{
  static const int     sizes[][2] = { { 0, 1 }, { 1, 0 }, { -1, 1 }, { 1, -1 }, { 65536, 1 }, { 1, 65536 } };
  static const uint8_t rgb[3];
  const char          *helper = g_getenv ("DINOSCOPE_DICOM_HELPER");
  g_autofree char     *kept = g_strdup (helper);
  struct dino_output  *output = dino_output_new (fixture->path, NULL);
  struct dino_error    error = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      error = (struct dino_error){ 0 };
      g_assert_false (dino_dicom_write_capture (output, rgb, sizes[i][0], sizes[i][1], "", &error));
      assert_error (&error, DINO_CODE_LIMIT, "does not fit into a DICOM file");
    }
  /* Helpers that say nothing, too little, too much, and something else. */
  for (guint i = 0; i < 4; i++)
    {
      static const char *const answers[] = { "", "printf '\\200\\0\\0\\0'", "printf '\\0\\0\\0\\100'", "printf '\\204\\0\\0\\0'; head -c 132 /dev/zero" };
      g_autofree char         *script = g_build_filename (fixture->folder, "helper", NULL);
      g_autofree char         *text = g_strdup_printf ("#!/bin/sh\n%s\n", answers[i]);

      put_file (script, text, strlen (text));
      g_assert_cmpint (g_chmod (script, 0755), ==, 0);
      g_setenv ("DINOSCOPE_DICOM_HELPER", script, TRUE);
      error = (struct dino_error){ 0 };
      g_assert_false (dino_dicom_write_capture (output, rgb, 1, 1, "", &error));
      assert_error (&error, DINO_CODE_WRITE, "does not answer");
    }
  g_setenv ("DINOSCOPE_DICOM_HELPER", kept, TRUE);
  dino_output_abort (output);
}

/* What the program says to a request; its exit code. */
static int
ask (const struct fixture *fixture, const void *request, gsize length)
{
  g_autofree char *command = NULL;
  g_autofree char *out = NULL;
  int              status = 0;

  put_file (fixture->path, request, length);
  command = g_strdup_printf ("\"$DINOSCOPE_DICOM_HELPER\" write < \"%s\"", fixture->path);
  g_assert_true (g_spawn_sync (NULL, (char *[]){ (char *) "/bin/sh", (char *) "-c", command, NULL }, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL, &status, NULL));
  g_assert_true (WIFEXITED (status));
  g_assert_true (WEXITSTATUS (status) == 0 || *out == '\0');
  return WEXITSTATUS (status);
}

static void
test_requests (struct fixture *fixture, gconstpointer data)
{
  /* Two pixels in a row, one letter. */
  static const guint8 good[] = "DINOSC1\0\2\0\0\0\1\0\0\0\1\0\0\0tRGBrgb";
  static const struct
  {
    gsize  at;
    guint8 value;
  } changes[] = {
    { 0, 'd' },
    { 7, 1 },
    { 8, 0 },
    { 8, 1 },
    { 8, 3 },
    { 10, 1 },
    { 12, 0 },
    { 14, 1 },
    { 16, 0 },
    { 16, 2 },
    { 17, 5 },
    { 19, 255 },
  };
  guint8 request[sizeof good];

  g_assert_cmpint (ask (fixture, good, sizeof good - 1), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      memcpy (request, good, sizeof good);
      request[changes[i].at] = changes[i].value;
      g_assert_cmpint (ask (fixture, request, sizeof good - 1), ==, 65);
    }
  for (gsize length = 0; length < sizeof good - 1; length += 5)
    g_assert_cmpint (ask (fixture, good, length), ==, 65);
  g_assert_cmpint (ask (fixture, good, sizeof good), ==, 65);
}

#define ADD(name, function) g_test_add ("/capture/" name, struct fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("write", test_write);
  ADD ("long-text", test_long_text);
  ADD ("refused", test_refused);
  ADD ("requests", test_requests);
  return g_test_run ();
}
