package com.coupon.architecture.violations;

/** Breaks the rules that only loops have threads, and that names say what things do. */
final class ThreadOutsideOfLoopsHelper extends Thread {}
