/* The guided tour as data: what is told, and what the window shows meanwhile. */
#include "app/dinoscope-tour-steps.h"

#include <glib/gi18n-lib.h>

static const DinoscopeTourStep steps[] = {
  {
      .title = N_ ("What This Is"),
      .text = N_ ("Dinoscope runs an image encoder on a chest radiograph and draws numbers from inside it as maps. The encoder turns the picture into vectors. It names nothing and finds nothing, and no map is a finding: all this is for research and teaching only.\n\n"
                  "The encoder that comes with the program is a small one for demonstration. It is not RAD-DINO. With it you learn how to read a map, not what RAD-DINO would show."),
      .hint = N_ ("Return goes on, Escape ends the tour. Alt with the left or right arrow goes back and on from anywhere in the window."),
  },
  {
      .title = N_ ("Patches"),
      .text = N_ ("First the picture is brought to the size that the encoder takes. Then it is cut into squares, the patches: each square of this grid is one.\n\n"
                  "From here on there is only one vector for each patch. That is why a map has one value for each patch, and why a map that looks finer than this grid has been smoothed afterwards."),
      .hint = N_ ("The arrow keys move the patch cursor; the line at the bottom tells its row, its column and its numbers. G hides and shows the grid."),
      .flags = DINOSCOPE_TOUR_GRID | DINOSCOPE_TOUR_PATCH,
      .row = 0.35,
      .column = 0.3,
  },
  {
      .title = N_ ("Tokens, and the CLS Token"),
      .text = N_ ("The vector of a patch is called its token. A row of blocks changes all tokens, one block after the other. One token more goes along that belongs to no place in the picture, the CLS token. After the last block it stands for the picture as a whole.\n\n"
                  "These colours are made from the patch tokens after the first block: similar tokens have similar colours."),
      .hint = N_ ("O hides and shows the map. While Space is held on the picture you see it bare."),
      .overlays = { "pca" },
      .first_block = TRUE,
  },
  {
      .title = N_ ("Attention, Block by Block"),
      .text = N_ ("In each block every token takes something from every other one. How much from which is its attention: shares that add up to 1.\n\n"
                  "The tour now goes through the blocks, from the first to the last. Blocks and heads are counted from 0. Watch whether attention stays near or reaches far, and distrust a story that needs one special block."),
      .hint = N_ ("L is the next block, Shift+L the one before. The arrow keys choose the patch whose attention it is."),
      .overlays = { "patch-attention", "cls-attention" },
      .first_block = TRUE,
      .flags = DINOSCOPE_TOUR_PATCH | DINOSCOPE_TOUR_WALK_BLOCKS,
      .row = 0.35,
      .column = 0.3,
  },
  {
      .title = N_ ("Heads"),
      .text = N_ ("Each block has several heads. Each of them divides attention in its own way, at the same time. This is one head of the last block.\n\n"
                  "The mean of all heads hides what a single one does. But with many heads, one of them will often look meaningful by chance. Say which head you show, and why that one."),
      .hint = N_ ("N is the next head, Shift+N the one before. H shows all of them as small maps."),
      .overlays = { "cls-attention" },
      .head = "0",
  },
  {
      .title = N_ ("What the CLS Token Attends To"),
      .text = N_ ("This is the attention of the CLS token in the last block, mean of all heads: which patches it takes more from, and which less.\n\n"
                  "It is often shown as “where the model looks”. It says how tokens were mixed in one block. It does not say what was recognised there, nor that a bright patch decided anything. Background and edges can be bright, too."),
      .hint = N_ ("Go over bright patches with the arrow keys and compare the percentiles in the line at the bottom."),
      .overlays = { "cls-attention" },
      .head = "mean",
  },
  {
      .title = N_ ("Principal Components"),
      .text = N_ ("PCA finds the directions in which the tokens of this picture differ most. The first three are drawn as red, green and blue. Equal colours mean similar tokens.\n\n"
                  "The colours mean nothing by themselves: the directions are fitted to this picture, and another picture gets others. The recipe in the panel says what was fitted, and how much of the variance each component holds."),
      .hint = N_ ("F9 shows and hides the panel. L and Shift+L change the block here, too."),
      .overlays = { "pca" },
      .flags = DINOSCOPE_TOUR_PANEL,
  },
  {
      .title = N_ ("Similar Patches"),
      .text = N_ ("Now one patch is compared with all others: the cosine between two tokens is 1 when they point the same way, and 0 when they have nothing in common.\n\n"
                  "Try a rib, the heart and the dark margin. Similar means similar to this encoder. That is not the same tissue, and where a patch lies in the picture counts, too."),
      .hint = N_ ("The arrow keys move the patch, P pins it, Shift+P clears all pins."),
      .overlays = { "similarity" },
      .flags = DINOSCOPE_TOUR_PATCH,
      .row = 0.35,
      .column = 0.3,
  },
  {
      .title = N_ ("What the Encoder Did Not See"),
      .text = N_ ("On its own the encoder gets a square out of the middle. What is hatched, outside the frame, was cut off before: nothing there can change a number on this screen. “What the Model Gets” in the panel can keep the whole picture instead.\n\n"
                  "Inside the frame fine detail is lost as well, when the picture is made smaller."),
      .hint = N_ ("M shows the very input that entered the encoder; M again goes back."),
  },
  {
      .title = N_ ("Numbers, and What They Do Not Prove"),
      .text = N_ ("This is the length of each patch token. In many encoders a few are far longer than the others, often in empty places. They hold little of what is there, yet stand out in other maps. So look at the numbers, not at the colours alone.\n\n"
                  "A map shows what the numbers were, not why. Before you believe one, try other blocks, other pictures and a guess of your own, made before the map is shown."),
      .hint = N_ ("“Guess Before the Map” under Teaching in the main menu hides maps until you have marked where you would look. F1 has the manual."),
      .overlays = { "norm" },
      .flags = DINOSCOPE_TOUR_PATCH,
      .row = 0.1,
      .column = 0.1,
  },
};

const DinoscopeTourStep *
dinoscope_tour_get_steps (guint *n_steps)
{
  *n_steps = G_N_ELEMENTS (steps);
  return steps;
}
