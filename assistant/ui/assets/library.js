// The library: papers that are chosen in its table or on its map.

export const startLibrary = () => {};
