/* A thousand damaged DICOM files, and some made to do harm, through the helper:
 * always a picture or a sentence, in bounded time and memory. */
#include <sys/resource.h>
#include <zlib.h>

#include "dicom-film.h"
#include "io/dicom.h"

/* A sanitizer's helper has neither a limit of memory nor an end by a signal. */
#ifdef __SANITIZE_ADDRESS__
#define HAS_LIMITS FALSE
#else
#define HAS_LIMITS TRUE
#endif

#define N_MUTATIONS 1000
#define N_THREADS 2
#define SEED 20240229
/* Far more than any file takes, far less than the helper's own limits. */
#define DEADLINE 40
#define MAX_RESIDENT_KIB (1 << 20)

struct source
{
  const char *name;
  guint       weight; /* small files often, large ones now and then */
  guint       head;   /* bytes before the pixel data, about */
};

static const struct source sources[] = {
  { "dicom-transfer-syntax/MR_small.dcm", 10, 1500 },
  { "dicom-transfer-syntax/MR_small_RLE.dcm", 14, 1500 },
  { "dicom-transfer-syntax/MR_small_bigendian.dcm", 8, 1400 },
  { "dicom-transfer-syntax/MR_small_implicit.dcm", 8, 1400 },
  { "dicom-transfer-syntax/MR_small_jp2klossless.dcm", 20, 1500 },
  { "dicom-transfer-syntax/MR_small_jpeg_ls_lossless.dcm", 20, 1500 },
  { "dicom-transfer-syntax/MR_small_padded.dcm", 5, 1500 },
  { "dicom-transfer-syntax/ExplVR_BigEnd.dcm", 5, 900 },
  { "dicom-lut/vlut_04.dcm", 6, 1500 },
  { "dicom-lut/mlut_18.dcm", 6, 9000 },
  { "dicom-transfer-syntax/RG3_JPLY", 4, 1000 },
  { "chest-dicom/Fake_MONOHR1.dcm", 6, 1000 },
  { "dicom-transfer-syntax/RG3_J2KI", 1, 1000 },
  { "dicom-transfer-syntax/RG3_JLSN", 1, 1000 },
  { "dicom-transfer-syntax/RG3_JPLL", 1, 1000 },
};

static GByteArray *files[G_N_ELEMENTS (sources)];

/* The file that mutation number i begins with. */
static guint
choose_source (GRand *random)
{
  gint total = 0;
  gint at;

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    total += (gint) sources[i].weight;
  at = g_rand_int_range (random, 0, total);
  for (guint i = 0;; i++)
    {
      at -= (gint) sources[i].weight;
      if (at < 0)
        return i;
    }
}

/* 1 … most, but no more than left. */
static guint
choose_length (GRand *random, gint most, guint left)
{
  guint n = (guint) g_rand_int_range (random, 1, most + 1);

  return MIN (n, left);
}

/* Somewhere, as often in the header as in all of the file. */
static guint
choose_place (GRand *random, const GByteArray *bytes, guint head)
{
  guint end = g_rand_boolean (random) ? MIN (head, bytes->len) : bytes->len;

  return (guint) g_rand_int_range (random, MIN (132, (gint) end - 1), (gint) end);
}

static void
flip_bits (GRand *random, GByteArray *bytes, guint head)
{
  gint n = g_rand_int_range (random, 1, 17);

  for (gint i = 0; i < n; i++)
    bytes->data[choose_place (random, bytes, head)] ^= (guint8) (1 << g_rand_int_range (random, 0, 8));
}

/* A number that lengths, counts and sizes do not like, in two or four bytes. */
static void
set_field (GRand *random, GByteArray *bytes, guint head)
{
  static const guint32 wild[] = { 0, 1, 0xffff, 0x7fff, 0x8000, 0xffffffff, 0xfffffffe, 0x7fffffff, 0x80000000, 0x00100000, 0x10000, 0xfffe };
  guint32              value = wild[g_rand_int_range (random, 0, G_N_ELEMENTS (wild))];
  guint                place = choose_place (random, bytes, head) & ~1u;
  guint                n = g_rand_boolean (random) ? 2 : 4;

  for (guint i = 0; i < n && place + i < bytes->len; i++)
    bytes->data[place + i] = (guint8) (value >> (8 * i));
}

static void
truncate_at (GRand *random, GByteArray *bytes, guint head)
{
  g_byte_array_set_size (bytes, choose_place (random, bytes, head));
}

static void
remove_piece (GRand *random, GByteArray *bytes, guint head)
{
  guint place = choose_place (random, bytes, head);

  g_byte_array_remove_range (bytes, place, choose_length (random, 64, bytes->len - place));
}

static void
repeat_piece (GRand *random, GByteArray *bytes, guint head)
{
  guint              place = choose_place (random, bytes, head);
  guint              n = choose_length (random, 300, bytes->len - place);
  guint              tail = bytes->len - place;
  g_autofree guint8 *rest = g_memdup2 (bytes->data + place, tail);

  g_byte_array_set_size (bytes, place + n);
  g_byte_array_append (bytes, rest, tail);
}

static void
randomise_piece (GRand *random, GByteArray *bytes, guint head)
{
  guint place = choose_place (random, bytes, head);
  guint n = choose_length (random, 40, bytes->len - place);

  for (guint i = 0; i < n; i++)
    bytes->data[place + i] = (guint8) g_rand_int_range (random, 0, 256);
}

static GByteArray *
mutate (guint number, const char **name)
{
  static void (*const ways[]) (GRand * random, GByteArray * bytes, guint head) = { flip_bits, flip_bits, set_field, set_field, set_field, truncate_at, remove_piece, repeat_piece, randomise_piece };
  GRand      *random = g_rand_new_with_seed (SEED + number);
  guint       source = choose_source (random);
  GByteArray *bytes = g_byte_array_new ();
  gint        n = g_rand_int_range (random, 1, 3);

  *name = sources[source].name;
  g_byte_array_append (bytes, files[source]->data, files[source]->len);
  for (gint i = 0; i < n && bytes->len > 140; i++)
    ways[g_rand_int_range (random, 0, G_N_ELEMENTS (ways))](random, bytes, sources[source].head);
  g_rand_free (random);
  return bytes;
}

static gint next_number, n_read, n_refused, n_broken_off;

static void
try (guint number)
{
  const struct dino_dicom_options options = { .frame = number % 5 == 0, .deadline_seconds = DEADLINE };
  struct dino_error               error = { 0 };
  const char                     *name;
  g_autoptr (GByteArray)          bytes = mutate (number, &name);
  struct dino_picture            *picture = dino_dicom_decode_memory (bytes->data, bytes->len, "film.dcm", &options, &error);

  if (picture != NULL)
    g_atomic_int_inc (&n_read);
  else if (strstr (error.message, "broke off") != NULL || strstr (error.message, "must not") != NULL)
    {
      g_test_message ("%u, from %s: %s", number, name, error.message);
      g_atomic_int_inc (&n_broken_off);
    }
  else
    g_atomic_int_inc (&n_refused);
  if (picture == NULL)
    {
      /* Neither too long nor unable to work. */
      g_assert_null (strstr (error.message, "busy for too long"));
      g_assert_cmpint (error.code, !=, DINO_CODE_IO);
      g_assert_true (g_utf8_validate (error.message, -1, NULL));
      assert_error (&error, error.code, "film.dcm");
    }
  dino_picture_unref (picture);
}

static gpointer
work (gpointer data)
{
  for (;;)
    {
      guint number = (guint) g_atomic_int_add (&next_number, 1);

      if (number >= N_MUTATIONS)
        return NULL;
      try (number);
    }
}

static bool
load_files (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      g_autofree char *relative = g_build_filename ("testdata", sources[i].name, NULL);
      g_autofree char *path = test_reference (relative);

      if (path == NULL)
        return false;
      files[i] = bytes_of_file (path);
    }
  return true;
}

static void
test_mutations (void)
{
  GThread      *threads[N_THREADS];
  struct rusage helpers, own;

  if (!load_files ())
    {
      g_test_skip ("The reference material is not there.");
      return;
    }
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("mutations", work, NULL);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    g_clear_pointer (&files[i], g_byte_array_unref);

  g_assert_cmpint (getrusage (RUSAGE_CHILDREN, &helpers), ==, 0);
  g_assert_cmpint (getrusage (RUSAGE_SELF, &own), ==, 0);
  g_test_message ("%d read, %d refused, %d ended the helper; at most %ld MiB there and %ld MiB here", n_read, n_refused, n_broken_off, helpers.ru_maxrss >> 10, own.ru_maxrss >> 10);
  g_assert_cmpint (n_read + n_refused + n_broken_off, ==, N_MUTATIONS);
  /* Damage of some use: neither all harmless nor all refused at the door. */
  g_assert_cmpint (n_read, >, N_MUTATIONS / 10);
  g_assert_cmpint (n_refused, >, N_MUTATIONS / 10);
  g_assert_cmpint (helpers.ru_maxrss, <, MAX_RESIDENT_KIB);
  g_assert_cmpint (own.ru_maxrss, <, MAX_RESIDENT_KIB);
}

/* Sequences within sequences until no stack holds them. */
static void
test_depth (void)
{
  static const guint8    opening[] = { 0x08, 0x00, 0x15, 0x11, 'S', 'Q', 0, 0, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff };
  g_autoptr (Dicom)      empty = dicom_new (DICOM_EXPLICIT, NULL);
  g_autoptr (GByteArray) bytes = dicom_finish (empty, DICOM_PREAMBLE);
  struct dino_error      error = { 0 };

  for (guint i = 0; i < 200000; i++)
    g_byte_array_append (bytes, opening, sizeof opening);
  g_assert_null (dino_dicom_decode_memory (bytes->data, bytes->len, "film.dcm", NULL, &error));
  assert_error (&error, DINO_CODE_FORMAT, "“film.dcm” is damaged: the DICOM reader broke off (signal 11)");
}

/* 20 private elements of 64 MiB of zeros each, in a megabyte. */
static void
append_zeros (GByteArray *bytes)
{
  const gsize        piece = 64 << 20;
  const gsize        room = 4 << 20;
  g_autofree guint8 *zeros = g_malloc0 (piece);
  g_autofree guint8 *out = g_malloc (room);
  z_stream           stream = { .next_out = out, .avail_out = (uInt) room };

  g_assert_cmpint (deflateInit2 (&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY), ==, Z_OK);
  for (guint8 i = 0; i < 20; i++)
    {
      guint8 head[12] = { 0x09, 0x00, i, 0x10, 'O', 'B', 0, 0, 0, 0, 0, 0x04 };

      stream.next_in = head;
      stream.avail_in = sizeof head;
      g_assert_cmpint (deflate (&stream, Z_NO_FLUSH), ==, Z_OK);
      stream.next_in = zeros;
      stream.avail_in = (uInt) piece;
      g_assert_cmpint (deflate (&stream, Z_NO_FLUSH), ==, Z_OK);
      g_assert_cmpuint (stream.avail_in, ==, 0);
    }
  g_assert_cmpint (deflate (&stream, Z_FINISH), ==, Z_STREAM_END);
  g_byte_array_append (bytes, out, (guint) stream.total_out);
  deflateEnd (&stream);
}

static void
test_bomb (void)
{
  g_autoptr (Dicom)      empty = dicom_new (DICOM_EXPLICIT, "1.2.840.10008.1.2.1.99");
  g_autoptr (GByteArray) bytes = dicom_finish (empty, DICOM_PREAMBLE);
  struct dino_error      error = { 0 };
  struct rusage          helpers;

  append_zeros (bytes);
  g_assert_null (dino_dicom_decode_memory (bytes->data, bytes->len, "film.dcm", NULL, &error));
  assert_error (&error, DINO_CODE_MEMORY, "“film.dcm” needs more memory than a DICOM picture may take");
  g_assert_cmpint (getrusage (RUSAGE_CHILDREN, &helpers), ==, 0);
  g_assert_cmpint (helpers.ru_maxrss, >, MAX_RESIDENT_KIB / 2);
  g_assert_cmpint (helpers.ru_maxrss, <, MAX_RESIDENT_KIB);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reference/dicom-hostile/mutations", test_mutations);
  if (HAS_LIMITS)
    {
      g_test_add_func ("/reference/dicom-hostile/depth", test_depth);
      g_test_add_func ("/reference/dicom-hostile/bomb", test_bomb);
    }
  return g_test_run ();
}
