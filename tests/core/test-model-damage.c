/* Damaged checkpoints: cut anywhere, bytes changed at random. */
#include <fcntl.h>
#include <locale.h>
#include <unistd.h>

#include "core/model/model.h"
#include "checkpoint-edit.h"
#include "support.h"

/* A copy of tiny-1 to damage. */
struct fixture
{
  char *folder;
  char *path;
  gsize length;
  gsize header_length;
};

static void
set_up (struct fixture *fixture, gconstpointer data)
{
  g_autofree char *source = test_data ("golden/checkpoint/tiny-1");
  g_autofree char *file = g_build_filename (source, "model.safetensors", NULL);
  g_autofree char *contents = NULL;
  guint64          header_length;

  fixture->folder = copy_configuration (source);
  fixture->path = g_build_filename (fixture->folder, "model.safetensors", NULL);
  g_assert_true (g_file_get_contents (file, &contents, &fixture->length, NULL));
  memcpy (&header_length, contents, sizeof header_length);
  fixture->header_length = GUINT64_FROM_LE (header_length);
  write_bytes (fixture->path, contents, fixture->length);
}

static void
tear_down (struct fixture *fixture, gconstpointer data)
{
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
test_truncated (struct fixture *fixture, gconstpointer data)
{
  for (gsize length = fixture->length; length-- > 0; length -= MIN (length, 63))
    {
      struct dino_error error = { 0 };

      g_assert_cmpint (truncate (fixture->path, (off_t) length), ==, 0);
      g_assert_null (dino_model_load (fixture->folder, NULL, NULL, &error));
      g_assert_cmpint (error.code, ==, DINO_CODE_FORMAT);
      assert_message (&error, fixture->path);
      assert_message (&error, length > 0 ? "truncated" : "empty");
    }
}

static void
write_byte (int fd, gsize offset, guint8 byte)
{
  g_assert_cmpint (pwrite (fd, &byte, 1, (off_t) offset), ==, 1);
}

/* Most changes go into the header; one in the data is a number like others. */
static void
test_flipped (struct fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20240101);
  g_autofree char  *contents = NULL;
  int               fd = open (fixture->path, O_RDWR | O_CLOEXEC);
  int               n_accepted = 0;

  g_assert_cmpint (fd, >=, 0);
  g_assert_true (g_file_get_contents (fixture->path, &contents, NULL, NULL));
  for (int i = 0; i < 10000; i++)
    {
      struct dino_error  error = { 0 };
      struct dino_model *model;
      gsize              offsets[3];
      int                n = g_rand_int_range (random, 1, 4);

      for (int j = 0; j < n; j++)
        {
          gsize end = i % 16 == 0 ? fixture->length : 8 + fixture->header_length;

          offsets[j] = (gsize) g_rand_int_range (random, 0, (gint32) end);
          write_byte (fd, offsets[j], (guint8) g_rand_int (random));
        }
      model = dino_model_load (fixture->folder, NULL, NULL, &error);
      g_assert_cmpint (model != NULL, ==, error.code == DINO_CODE_NONE);
      g_assert_true (g_utf8_validate (error.message, -1, NULL));
      if (model == NULL)
        assert_message (&error, fixture->path);
      n_accepted += model != NULL;
      dino_model_unref (model);
      for (int j = 0; j < n; j++)
        write_byte (fd, offsets[j], (guint8) contents[offsets[j]]);
    }
  close (fd);
  g_test_message ("%d of 10000 accepted", n_accepted);
  g_assert_cmpint (n_accepted, >, 100);
  g_assert_cmpint (n_accepted, <, 2000);
}

/* The configurations likewise. */
static void
test_flipped_configuration (struct fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "config.json", "preprocessor_config.json" };
  g_autoptr (GRand)        random = g_rand_new_with_seed (1);

  for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, names[k], NULL);
      g_autofree char *contents = NULL;
      gsize            length;
      int              fd = open (path, O_RDWR | O_CLOEXEC);

      g_assert_cmpint (fd, >=, 0);
      g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
      for (int i = 0; i < 3000; i++)
        {
          struct dino_error  error = { 0 };
          struct dino_model *model;
          gsize              offset = (gsize) g_rand_int_range (random, 0, (gint32) length);

          write_byte (fd, offset, (guint8) g_rand_int (random));
          model = dino_model_load (fixture->folder, NULL, NULL, &error);
          g_assert_cmpint (model != NULL, ==, error.code == DINO_CODE_NONE);
          if (model == NULL)
            assert_message (&error, fixture->folder);
          dino_model_unref (model);
          write_byte (fd, offset, (guint8) contents[offset]);
        }
      close (fd);
    }
}

#define ADD(path, function) g_test_add (path, struct fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  ADD ("/model/damage/truncated", test_truncated);
  ADD ("/model/damage/flipped", test_flipped);
  ADD ("/model/damage/flipped-configuration", test_flipped_configuration);
  return g_test_run ();
}
