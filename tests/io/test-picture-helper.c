/* PNG and JPEG in a process of their own are what they are in this one, pixel
 * for pixel and word for word; and a process that answers something else is not
 * believed. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>

#include "core/base/memory.h"
#include "io-support.h"
#include "io/jpeg.h"
#include "io/picture-helper.h"
#include "io/picture-message.h"
#include "io/png.h"

#define VARIABLE "DINOSCOPE_PICTURE_HELPER"

static const char *const files[] = {
  "cmyk.jpg",
  "grey-alpha8.png",
  "grey-progressive.jpg",
  "grey.jpg",
  "grey1.png",
  "grey16-full.png",
  "grey16.png",
  "grey2.png",
  "grey4.png",
  "grey8-gamma.png",
  "grey8.png",
  "palette8-trns.png",
  "palette8.png",
  "rgb-420.jpg",
  "rgb-444.jpg",
  "rgb16.png",
  "rgb8.png",
  "rgba8.png",
};

static struct dino_picture *
decode_here (const GByteArray *bytes, bool as_mask, struct dino_error *error)
{
  if (as_mask)
    return dino_png_decode_mask (bytes->data, bytes->len, "file", error);
  if (bytes->data[0] == 0xff)
    return dino_jpeg_decode (bytes->data, bytes->len, "file", error);
  return dino_png_decode (bytes->data, bytes->len, "file", error);
}

/* By both ways; which of them succeeded is told by the caller's counter. */
static void
assert_same (const GByteArray *bytes, bool as_mask, guint *n_pictures)
{
  const struct dino_picture_helper_options options = { .as_mask = as_mask };
  struct dino_error                        here_error = { 0 }, there_error = { 0 };
  struct dino_picture                     *here = decode_here (bytes, as_mask, &here_error);
  struct dino_picture                     *there = dino_picture_helper_decode (bytes->data, bytes->len, "file", &options, &there_error);
  void                                    *here_samples, *there_samples;
  size_t                                   here_length, there_length;

  g_assert_cmpint (there_error.code, ==, here_error.code);
  g_assert_cmpstr (there_error.message, ==, here_error.message);
  g_assert_cmpint (there == NULL, ==, here == NULL);
  if (here == NULL)
    return;
  ++*n_pictures;
  g_assert_cmpint (there->width, ==, here->width);
  g_assert_cmpint (there->height, ==, here->height);
  g_assert_cmpint (there->channels, ==, here->channels);
  g_assert_cmpint (there->bits, ==, here->bits);
  g_assert_cmpint (there->file_bits, ==, here->file_bits);
  g_assert_cmpint (there->orientation, ==, here->orientation);
  g_assert_cmpuint (there->notes, ==, here->notes);
  g_assert_cmpuint (there->low, ==, here->low);
  g_assert_cmpuint (there->high, ==, here->high);
  g_assert_cmpstr (there->format, ==, here->format);
  g_assert_cmpstr (there->mode, ==, here->mode);
  here_samples = dino_picture_message_samples (here, &here_length);
  there_samples = dino_picture_message_samples (there, &there_length);
  g_assert_cmpmem (there_samples, there_length, here_samples, here_length);
  if (here->bits == 16)
    g_assert_cmpmem (there->histogram, 65536 * sizeof *there->histogram, here->histogram, 65536 * sizeof *here->histogram);
  dino_picture_unref (here);
  dino_picture_unref (there);
}

/* Whole, cut short, and with a wrong byte here and there. */
static void
test_same (void)
{
  guint n_pictures = 0, n_refused = 0;

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char       *name = g_strconcat ("golden/modes/", files[i], NULL);
      g_autoptr (GByteArray) bytes = bytes_of_test_data (name);
      const guint            length = bytes->len;
      guint                  before = n_pictures;

      g_test_message ("%s", files[i]);
      assert_same (bytes, false, &n_pictures);
      g_assert_cmpuint (n_pictures, ==, before + 1);
      for (guint k = 1; k <= 12; k++)
        {
          const guint at = (guint) ((guint64) length * k / 13);

          bytes->data[at] ^= (guint8) (1u << k % 8);
          before = n_pictures;
          assert_same (bytes, false, &n_pictures);
          n_refused += n_pictures == before;
          bytes->data[at] ^= (guint8) (1u << k % 8);
        }
      for (guint k = 1; k <= 4; k++)
        {
          bytes->len = length * k / 5;
          before = n_pictures;
          assert_same (bytes, false, &n_pictures);
          g_assert_cmpuint (n_pictures, ==, before);
        }
      bytes->len = length;
      if (g_str_has_suffix (files[i], ".png"))
        assert_same (bytes, true, &n_pictures);
    }
  g_test_message ("%u pictures, %u refused", n_pictures, n_refused);
  g_assert_cmpuint (n_refused, >, 50);
}

/* From the beginning, wherever the descriptor stands; one that cannot be read says why. */
static void
test_descriptor (void)
{
  g_autofree char     *path = test_data ("golden/modes/grey8.png");
  int                  fd = open (path, O_RDONLY | O_CLOEXEC);
  struct dino_error    error = { 0 };
  struct dino_picture *picture;

  g_assert_cmpint (lseek (fd, 0, SEEK_END), >, 0);
  picture = dino_picture_helper_read (fd, "file", NULL, &error);
  assert_no_error (&error);
  dino_picture_unref (picture);
  close (fd);
  fd = open (path, O_PATH | O_CLOEXEC);
  g_assert_null (dino_picture_helper_read (fd, "file", NULL, &error));
  assert_error (&error, DINO_CODE_IO, "“file” cannot be read: Bad file descriptor.");
  close (fd);
}

/* A shell script in place of the helper. */
static struct dino_picture *
read_by_script (const char *script, const struct dino_picture_helper_options *options, struct dino_error *error)
{
  g_autofree char     *folder = make_folder ();
  g_autofree char     *helper = g_build_filename (folder, "helper", NULL);
  g_autofree char     *path = test_data ("golden/modes/grey8.png");
  g_autofree char     *real = g_strdup (g_getenv (VARIABLE));
  g_autofree char     *text = g_strdup_printf ("#!/bin/sh\nREAL=%s\n%s\n", real, script);
  int                  fd = open (path, O_RDONLY | O_CLOEXEC);
  guint                n_open;
  struct dino_picture *picture;

  put_file (helper, text, strlen (text));
  g_assert_cmpint (g_chmod (helper, 0700), ==, 0);
  g_setenv (VARIABLE, helper, TRUE);
  n_open = count_entries ("/proc/self/fd");
  picture = dino_picture_helper_read (fd, "file", options, error);
  g_assert_cmpuint (count_entries ("/proc/self/fd"), ==, n_open);
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
  g_setenv (VARIABLE, real, TRUE);
  close (fd);
  remove_folder (folder);
  return picture;
}

static void
test_strangers (void)
{
  static const struct
  {
    const char    *script;
    enum dino_code code;
    const char    *message;
  } rows[] = {
    { "exit 1", DINO_CODE_IO, "“file” cannot be read: the picture reader does not work here (exit code 1)." },
    { "printf DINOPIC1; exit 70", DINO_CODE_IO, "“file” cannot be read: the picture reader does not work here (exit code 70)." },
    { "exec yes", DINO_CODE_FORMAT, "“file” cannot be read: the answer of the picture reader makes no sense." },
    { "exec cat /dev/zero", DINO_CODE_FORMAT, "“file” cannot be read: the answer of the picture reader makes no sense." },
    { "ulimit -c 0; kill -SEGV $$", DINO_CODE_FORMAT, "“file” is damaged: the picture reader broke off (signal 11)." },
    { "ulimit -c 0; kill -SYS $$", DINO_CODE_FORMAT, "“file” made the picture reader do what it must not; it was stopped." },
    { "exec sleep 1000", DINO_CODE_FORMAT, "“file” keeps the picture reader busy for too long; it was stopped." },
    { "kill -TERM $$", DINO_CODE_IO, "“file” cannot be read: the picture reader was ended before it had answered (signal 15)." },
    { "exec >&-; exec sleep 1000", DINO_CODE_IO, "“file” cannot be read: the picture reader was ended before it had answered (signal 9)." },
    { "$REAL | head -c 300", DINO_CODE_IO, "“file” cannot be read: the picture reader does not work here (exit code 0)." },
  };
  const struct dino_picture_helper_options options = { .deadline_seconds = 1 };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      struct dino_error error = { 0 };

      g_test_message ("%s", rows[i].script);
      g_assert_null (read_by_script (rows[i].script, &options, &error));
      g_assert_cmpint (error.code, ==, rows[i].code);
      g_assert_cmpstr (error.message, ==, rows[i].message);
    }
}

/* What ends a whole job may end the reader before the program: it is started once
 * more, wherever it was with its file and its answer. */
static void
test_ended_by_others (void)
{
  static const char *const beginnings[] = { "", "head -c 40 >/dev/null;", "$REAL | head -c 300;" };
  static const char *const signals[] = { "KILL", "TERM", "USR1" }; /* nohup and "&" have others ignored */
  g_autofree char         *folder = make_folder ();

  for (guint i = 0; i < G_N_ELEMENTS (beginnings) * G_N_ELEMENTS (signals); i++)
    {
      g_autofree char     *script = g_strdup_printf (": >%s/%u.$$; [ $(ls %s/%u.* | wc -l) = 1 ] || exec $REAL; %s kill -%s $$", folder, i, folder, i, beginnings[i % G_N_ELEMENTS (beginnings)], signals[i / G_N_ELEMENTS (beginnings)]);
      struct dino_error    error = { 0 };
      struct dino_picture *picture;

      g_test_message ("%s", script);
      picture = read_by_script (script, NULL, &error);
      assert_no_error (&error);
      g_assert_cmpint (picture->width, >, 0);
      dino_picture_unref (picture);
    }
  remove_folder (folder);
}

/* More than was asked for is not read, and nobody waits for its end. */
static void
test_too_much (void)
{
  struct dino_error    error = { 0 };
  struct dino_picture *picture = read_by_script ("$REAL; exec cat /dev/zero", NULL, &error);

  assert_no_error (&error);
  dino_picture_unref (picture);
}

static bool
stop (void *data, int done, int total)
{
  int *n_asked = data;

  return ++*n_asked < 3;
}

static void
test_cancel (void)
{
  int                                      n_asked = 0;
  const struct dino_progress               progress = { stop, &n_asked };
  const struct dino_picture_helper_options options = { .progress = &progress };
  struct dino_error                        error = { 0 };

  g_assert_null (read_by_script ("exec sleep 1000", &options, &error));
  assert_error (&error, DINO_CODE_CANCELLED, "Cancelled.");
  g_assert_cmpint (n_asked, ==, 3);
}

/* A terminal interrupts all processes of the program's group; the helper is of another. */
static void
test_group (void)
{
  struct dino_error    error = { 0 };
  struct dino_picture *picture = read_by_script ("read -r line </proc/$$/stat; set -- $line; [ $5 = $$ ] || exit 3; exec $REAL", NULL, &error);

  assert_no_error (&error);
  dino_picture_unref (picture);
}

static void
put_word (uint8_t head[DINO_PICTURE_HEAD], guint word, uint32_t value)
{
  memcpy (head + 8 + 4 * word, &value, sizeof value);
}

/* Each word of a good message with a value that no decoder gives. */
static void
test_message (void)
{
  static const struct
  {
    guint    word;
    uint32_t value;
  } wrong[] = {
    { 0, 0 },
    { 0, 3 },
    { 1, 0 },
    { 1, 32769 },
    { 1, UINT32_MAX },
    { 2, 0 },
    { 2, 32769 },
    { 3, 0 },
    { 3, 2 },
    { 3, 4 },
    { 4, 1 },
    { 4, 16 },
    { 4, 32 },
    { 5, 0 },
    { 5, 3 },
    { 5, 32 },
    { 6, 0 },
    { 6, 9 },
    { 7, 1u << 4 },
    { 7, 1u << 7 },
    { 8, 19 },
    { 8, UINT32_MAX },
  };
  g_autoptr (GByteArray) bytes = bytes_of_test_data ("golden/modes/rgb8.png");
  struct dino_error      error = { 0 };
  struct dino_refusal    refusal = { 0 };
  struct dino_picture   *picture = dino_png_read (bytes->data, bytes->len, false, &refusal);
  struct dino_picture   *other;
  uint8_t                head[DINO_PICTURE_HEAD], changed[DINO_PICTURE_HEAD];

  dino_picture_message_pack (picture, &refusal, head);
  other = dino_picture_message_unpack (head, &refusal, &error);
  g_assert_nonnull (other);
  g_assert_cmpstr (other->mode, ==, picture->mode);
  dino_picture_unref (other);
  dino_picture_unref (picture);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      memcpy (changed, head, sizeof head);
      put_word (changed, wrong[i].word, wrong[i].value);
      g_test_message ("word %u: %u", wrong[i].word, wrong[i].value);
      g_assert_null (dino_picture_message_unpack (changed, &refusal, &error));
      g_assert_cmpint (refusal.reason, ==, DINO_REFUSED_NOT);
      assert_no_error (&error);
    }
  memcpy (changed, head, sizeof head);
  changed[7] = '2';
  g_assert_null (dino_picture_message_unpack (changed, &refusal, &error));
  g_assert_cmpint (refusal.reason, ==, DINO_REFUSED_NOT);
  assert_no_error (&error);
}

static void
test_refusal (void)
{
  uint8_t             head[DINO_PICTURE_HEAD];
  struct dino_refusal said = { 0 }, heard;

  g_assert_false (dino_refuse (&said, DINO_REFUSED_PNG, "IDAT: line\nbreak"));
  g_assert_cmpstr (said.text, ==, "IDAT: line?break");
  dino_picture_message_pack (NULL, &said, head);
  g_assert_null (dino_picture_message_unpack (head, &heard, NULL));
  g_assert_cmpint (heard.reason, ==, DINO_REFUSED_PNG);
  g_assert_cmpstr (heard.text, ==, said.text);

  /* Reasons that there are not, texts that nobody should print, an allowed size. */
  put_word (head, 1, DINO_REFUSED_N_REASONS);
  g_assert_null (dino_picture_message_unpack (head, &heard, NULL));
  g_assert_cmpint (heard.reason, ==, DINO_REFUSED_NOT);
  put_word (head, 1, DINO_REFUSED_PNG);
  head[8 + 4 * 6] = '\x1b';
  g_assert_null (dino_picture_message_unpack (head, &heard, NULL));
  g_assert_cmpint (heard.reason, ==, DINO_REFUSED_NOT);
  memset (head + 8 + 4 * 6, 'x', DINO_REFUSAL_TEXT);
  g_assert_null (dino_picture_message_unpack (head, &heard, NULL));
  g_assert_cmpint (heard.reason, ==, DINO_REFUSED_NOT);
  dino_picture_message_pack (NULL, &(struct dino_refusal){ .reason = DINO_REFUSED_SIZE, .a = 100, .b = 100 }, head);
  g_assert_null (dino_picture_message_unpack (head, &heard, NULL));
  g_assert_cmpint (heard.reason, ==, DINO_REFUSED_NOT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/picture-helper/same", test_same);
  g_test_add_func ("/picture-helper/descriptor", test_descriptor);
  g_test_add_func ("/picture-helper/strangers", test_strangers);
  g_test_add_func ("/picture-helper/ended-by-others", test_ended_by_others);
  g_test_add_func ("/picture-helper/too-much", test_too_much);
  g_test_add_func ("/picture-helper/cancel", test_cancel);
  g_test_add_func ("/picture-helper/group", test_group);
  g_test_add_func ("/picture-helper/message", test_message);
  g_test_add_func ("/picture-helper/refusal", test_refusal);
  return g_test_run ();
}
